"""What rules have said about a case, as the workbench shows it beside the decision."""

from collections.abc import Sequence
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
    def rows(self) -> list[dict[str, object]]:
        """The rows of the table, the one that applies marked.

        ``when`` and ``then`` are pairs of a label and what stands in the cell, empty cells left
        out: the table stands in a narrow column, where one cell beside the other would not fit.
        """
        if self.sheet is None:
            return []
        inputs = [column.label for column in self.sheet.inputs]
        outputs = [column.label for column in self.sheet.outputs]
        return [
            {
                "row": number,
                "applies": number == self.found.row,
                "when": _filled(inputs, row.conditions),
                "then": _filled(outputs, row.results),
            }
            for number, row in enumerate(self.sheet.rows, start=1)
        ]

    @property
    def waiting(self) -> bool:
        """Tell whether a deviation has been proposed to which a second person must agree."""
        return self.choice is not None and not self.choice.settled


def _filled(labels: Sequence[str], cells: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (label, cell.replace('"', "").replace(", ", "、"))
        for label, cell in zip(labels, cells, strict=True)
        if cell.strip() not in ("", "-")
    ]


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
    return Standard(found, rulebook.spoken_sheet(running), cases.choice(work, number=case.number))
