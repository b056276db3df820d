"""What officials say about a step beyond BPMN: the attributes of the namespace ``tongban:``."""

from dataclasses import dataclass, field

from tongban.process.model.kinds import LimitUnit, Special

NAMESPACE = "urn:tongban:process:1"


@dataclass(frozen=True, slots=True)
class Formula:
    """A FEEL text as it stands in the file. Empty: there is none."""

    text: str = ""
    line: int = field(default=0, compare=False, repr=False)
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


NO_FORMULA = Formula()


@dataclass(frozen=True, slots=True)
class StepLimit:
    """How long a step may take, and which clocks run meanwhile."""

    amount: int
    unit: LimitUnit = LimitUnit.WORKDAY
    statutory: bool = True
    promised: bool = True


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """A procedure whose time the law does not count; ``basis`` names the law and clause."""

    kind: Special
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Who does a step, with which form, limit, papers and precautions.

    ``role`` is the code of a role, "" where anybody of the unit may; ``department`` an expression
    that names the unit (none: the unit of the case). ``four_eyes`` lists the activities whose
    doers may not do this one. ``act`` is the act of the case that completes the step, ``service``
    the operation of a service or send task, ``decision`` the rulebook code of a business-rule
    task, ``result`` the variable that gets the outcome of a service, rule or script.
    """

    role: str = ""
    department: Formula = NO_FORMULA
    assignee: Formula = NO_FORMULA
    form: str = ""
    act: str = ""
    limit: StepLimit | None = None
    special: SpecialProcedure | None = None
    documents: tuple[str, ...] = ()
    discretion: str = ""
    risk_point: str = ""
    four_eyes: tuple[str, ...] = ()
    automatic: bool = False
    notice: str = ""
    service: str = ""
    decision: str = ""
    result: str = ""
    retries: int = 3


NO_ATTRIBUTES = Attributes()
