"""The acts of rating, and of answering a bad rating."""

from collections.abc import Mapping, Sequence

from tongban import cases
from tongban.evaluation import queries, store
from tongban.evaluation.events import CaseRated, RaterContacted, RemedySettled
from tongban.evaluation.model import (
    BAD,
    COMMENT_MAX,
    CONTENT_VERSION,
    AlreadyRated,
    Channel,
    Outcome,
    Rating,
    Remedy,
    State,
    TooEarly,
    problems,
)
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


def rate(
    work: Work,
    *,
    case_number: str,
    stars: int,
    tags: Sequence[str] = (),
    scores: Mapping[str, int] | None = None,
    comment: str = "",
    channel: Channel = Channel.PORTAL,
) -> Rating:
    """Rate a handling, once, after its decision. 5 stars are best; ``content`` says what to ask.

    A bad rating opens a remedy with a clock of one working day.

    :raises NoSuchCase: if there is none with this number, or it is not the actor's to know.
    :raises Forbidden: for anybody but the holder.
    :raises TooEarly: before the decision.
    :raises Invalid: naming every field that is wrong.
    :raises AlreadyRated: the second time.
    """
    case = cases.case(work, number=case_number)
    work.actor.must_hold("evaluation.rate", holder=case.holder)
    if case.stage not in queries.RATEABLE:
        raise TooEarly(number=case.number)
    rating = Rating(
        case_number=case.number,
        item_code=case.item_code,
        stars=stars,
        scores=scores or {},
        tags=tuple(dict.fromkeys(tags)),
        comment=comment.strip(),
        channel=channel,
        content_version=CONTENT_VERSION,
        rated_at=work.now,
    )
    if wrong := problems(rating, online=case.channel is cases.Channel.PORTAL):
        raise Invalid(*wrong)
    if not store.add_rating(work, case, rating):
        raise AlreadyRated(number=case.number)
    contact = store.open_remedy(work, case, rating).day if stars in BAD else None
    work.record(
        CaseRated(case.number, case.holder, case.item_code, case.department, stars, contact)
    )
    return rating


def contact(work: Work, *, case_number: str, outcome: Outcome, note: str) -> Remedy:
    """Record that somebody of the region spoke with a person who had rated badly.

    :raises NoSuchRemedy: if there is none, or the actor may not know of it.
    :raises WrongState: if that has been done.
    :raises Invalid: without a note of what was said.
    """
    remedy = _locked_remedy(work, case_number)
    remedy.must_be(State.OPEN)
    store.keep_contact(work, case_number, outcome=Outcome(outcome), note=_text("note", note))
    work.record(
        RaterContacted(
            number=case_number,
            region=remedy.region,
            holder=remedy.holder,
            in_time=work.today <= remedy.contact_due_on,
            outcome=Outcome(outcome),
        )
    )
    return queries.remedy(work, case_number=case_number)


def settle(work: Work, *, case_number: str, measure: str) -> Remedy:
    """Record what was done about a bad rating. The rater reads it.

    :raises NoSuchRemedy: if there is none, or the actor may not know of it.
    :raises WrongState: if the rater has not been spoken to, or all is done.
    :raises Invalid: without a measure.
    """
    remedy = _locked_remedy(work, case_number)
    remedy.must_be(State.CONTACTED)
    store.keep_settlement(work, case_number, measure=_text("measure", measure))
    work.record(
        RemedySettled(
            number=case_number,
            region=remedy.region,
            holder=remedy.holder,
            in_time=work.today <= remedy.settle_due_on,
            measure=measure.strip(),
        )
    )
    return queries.remedy(work, case_number=case_number)


def _locked_remedy(work: Work, number: str) -> Remedy:
    """Return a remedy for an officer of its region, held until the transaction ends."""
    store.hold_remedy(work, number)
    remedy = queries.remedy(work, case_number=number)
    # A grant within one department does not do: it may be the department that was rated.
    work.actor.must("evaluation.remedy", department="", region=remedy.region)
    return remedy


def _text(field: str, text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(Problem(field, "请填写处理情况"))
    if len(text) > COMMENT_MAX:
        raise Invalid(Problem(field, "处理情况不能超过 {most} 个字", {"most": COMMENT_MAX}))
    return text
