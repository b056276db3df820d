"""Choices under a discretion standard, and instant approvals checked again by a person."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from tongban.foundation.db import Db
from tongban.foundation.errors import Conflict, Forbidden, Invalid, Problem
from tongban.foundation.work import Work
from tongban.rulebook import store
from tongban.rulebook.events import DeviationConfirmed, DiscretionChosen, InstantRechecked
from tongban.rulebook.model import conclude
from tongban.rulebook.model.outcome import Choice, Discretion, Evaluation
from tongban.rulebook.queries import evaluations

REASONS_LEAST = 10


class AlreadyChosen(Conflict):
    message = "已经按这次判定作出选择；如需更改，请重新判定"


class SecondPersonNeeded(Conflict):
    message = "办件 {number} 的处理超出裁量基准，须由另一位有决定权限的人确认后才能决定"


class SamePerson(Forbidden):
    message = "超出裁量基准的选择不能由本人确认，请由另一位有决定权限的人确认"


class NothingToConfirm(Conflict):
    message = "没有等待确认的选择，或者已经确认过"


class AlreadyChecked(Conflict):
    message = "这件秒批已经抽查过"


def choice_problems(standard: Discretion, *, chosen: Decimal, reasons: str) -> list[Problem]:
    """Return what is wrong with a choice under a standard. Pure: pages may ask before acting."""
    if standard.permits(chosen) or len(reasons.strip()) >= REASONS_LEAST:
        return []
    return [
        Problem(
            "reasons",
            "选择超出裁量基准，请写明理由（至少 {least} 个字）",
            {"least": REASONS_LEAST},
        )
    ]


def choose(work: Work, *, evaluation: UUID, chosen: Decimal, reasons: str = "") -> Choice:
    """Choose within the row that applied, or with reasons outside of it.

    A choice outside does not count until a second person has confirmed it.

    :raises NoSuchEvaluation: if there is none, or the actor may not know of it.
    :raises Invalid: for a deviation without reasons.
    :raises AlreadyChosen: if a choice has been made under this evaluation.
    """
    found = evaluations.evaluation(work, id=evaluation)
    work.actor.must("cases.review", department=found.about.department, region=found.about.region)
    standard = conclude.discretion(found.outcome)
    if wrong := choice_problems(standard, chosen=chosen, reasons=reasons):
        raise Invalid(*wrong)
    choice = _choice(work, found, standard, chosen, reasons.strip())
    if not store.add_choice(work, choice, found.about.holder):
        raise AlreadyChosen
    work.record(
        DiscretionChosen(
            **_about(found), chosen=f"{chosen:f}", deviates=choice.deviates, reasons=choice.reasons
        )
    )
    return choice


def _choice(
    work: Work, found: Evaluation, standard: Discretion, chosen: Decimal, reasons: str
) -> Choice:
    return Choice(
        found.id,
        found.rule_set_code,
        found.about.number,
        found.about.region,
        found.about.department,
        chosen,
        standard.least,
        standard.most,
        not standard.permits(chosen),
        reasons,
        work.actor.id,
        work.actor.name,
        work.now,
        "",
        "",
        None,
    )


def confirm_deviation(work: Work, *, evaluation: UUID) -> None:
    """Agree, as a second person who may decide, to a choice outside the standard.

    :raises NoSuchEvaluation: if there is none, or the actor may not know of it.
    :raises SamePerson: for whoever made the choice.
    :raises NothingToConfirm: if nothing deviates, or it has been confirmed.
    """
    found = evaluations.evaluation(work, id=evaluation)
    work.actor.must("cases.decide", department=found.about.department, region=found.about.region)
    choice = store.held_choice(work, evaluation)
    if choice is None or choice.settled:
        raise NothingToConfirm
    if choice.chosen_by == work.actor.id:
        raise SamePerson(permission="cases.decide")
    store.confirm(work, evaluation)
    work.record(DeviationConfirmed(**_about(found), chosen=f"{choice.chosen:f}"))


def settled(db: Db, *, number: str) -> bool:
    """Tell whether every latest choice made for a case, if any, may be decided by."""
    latest = {choice.rule_set_code: choice for choice in evaluations.choices(db, number=number)}
    return all(choice.settled for choice in latest.values())


def must_be_settled(db: Db, *, number: str) -> None:
    """Refuse a decision that rests on a deviation which nobody else has seen.

    :raises SecondPersonNeeded: if the latest choice under a standard waits to be confirmed.
    """
    if not settled(db, number=number):
        raise SecondPersonNeeded(number=number)


def recheck(work: Work, *, evaluation: UUID, agreed: bool, note: str = "") -> None:
    """Say whether an instant approval that the lot drew was right.

    Disagreeing changes nothing about the case by itself: what follows is decided by people.

    :raises NoSuchEvaluation: if there is none, or the actor may not know of it.
    :raises Invalid: for disagreeing without saying why.
    :raises AlreadyChecked: the second time, or where the lot drew nothing.
    """
    found = evaluations.evaluation(work, id=evaluation)
    work.actor.must("cases.review", department=found.about.department, region=found.about.region)
    if not agreed and not note.strip():
        raise Invalid(Problem("note", "认为批得不对的，请写明原因"))
    if not store.check_again(work, evaluation, agreed=agreed, note=note.strip()):
        raise AlreadyChecked
    work.record(InstantRechecked(**_about(found), agreed=agreed, note=note.strip()))


def _about(found: Evaluation) -> dict[str, Any]:
    return {
        "number": found.about.number,
        "code": found.rule_set_code,
        "rule_version": found.version,
        "region": found.about.region,
        "department": found.about.department,
        "holder": found.about.holder,
    }
