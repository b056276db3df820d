"""What rules have said about a case, as the workbench shows it beside the decision."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from starlette.requests import Request

from tongban import cases, rulebook
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import visitor
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class Standard:
    """A discretion standard with its whole table; the row that applies is counted from 1."""

    found: rulebook.Discretion
    sheet: rulebook.Sheet | None
    choice: rulebook.Choice | None

    @property
    def columns(self) -> list[dict[str, str]]:
        """The columns of the table, as tables on pages have them."""
        if self.sheet is None:
            return []
        labels = [i.label for i in self.sheet.inputs] + [o.label for o in self.sheet.outputs]
        first = {"key": "row", "label": "#", "kind": "head"}
        return [first, *({"key": str(at), "label": label} for at, label in enumerate(labels))]

    @property
    def rows(self) -> list[dict[str, object]]:
        """The rows of the table as an official wrote them, the one that applies marked."""
        return [
            {
                "row": number,
                "applies": number == self.found.row,
                **{str(at): cell for at, cell in enumerate((*row.conditions, *row.results))},
            }
            for number, row in enumerate(self.sheet.rows if self.sheet else (), start=1)
        ]

    @property
    def waiting(self) -> bool:
        """Tell whether a deviation has been proposed to which a second person must agree."""
        return self.choice is not None and not self.choice.settled


@dataclass(frozen=True, slots=True)
class Ruled:
    """Everything that rules have said about a case."""

    instant: cases.InstantAnswer | None
    why_here: list[str]
    scenario: cases.ScenarioFound | None
    risks: list[cases.NoticedRisk]
    standard: Standard | None
    explained: list[tuple[cases.Explanation, list[str]]]


def ruled(request: Request, work: Work, case: cases.Case) -> Ruled:
    """Return what rules have said about a case, in the officer's words."""
    language = visitor(request).language
    instant = cases.instant(work, number=case.number)
    reasons = instant.reasons if instant and not instant.granted else ()
    return Ruled(
        instant,
        [cases.Sentence(each.message, each.details).say(language) for each in reasons],
        cases.scenario(work, number=case.number),
        cases.risks(work, number=case.number),
        _standard(work, case),
        [
            (line, [said.say(language) for said in line.said])
            for line in cases.explanation(work, number=case.number)
        ],
    )


def own_deviation(actor: Actor, standard: Standard | None) -> bool:
    """Tell whether the actor has proposed the deviation to which somebody else must agree."""
    return bool(
        standard and standard.waiting and standard.choice and standard.choice.chosen_by == actor.id
    )


def chosen(request: Request, form: str) -> Decimal | None:
    """Return what was chosen under a discretion standard, None where nothing was filled in.

    :raises Invalid: if it is no number; the caller's form names the field.
    """
    typed = text(request, f"{form}.chosen").replace(",", "").replace("，", "")
    if not typed:
        return None
    try:
        number = Decimal(typed)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(typed) > 20:
        raise Invalid(Problem("chosen", "请填写数字，例如 3"))
    return number


def _standard(work: Work, case: cases.Case) -> Standard | None:
    if case.decided:
        return None
    found = cases.discretion(work, number=case.number)
    if found is None:
        return None
    running = rulebook.version(
        work, code=found.outcome.rule_set_code, version=found.outcome.version
    )
    sheet = rulebook.Compiled(running.dmn, running.decision).summary.sheet
    return Standard(found, sheet, cases.choice(work, number=case.number))
