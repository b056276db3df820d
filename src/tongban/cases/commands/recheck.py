"""Looking once more at cases that rules granted, where the lot fell on them."""

from uuid import UUID

from tongban import rulebook
from tongban.cases import queries
from tongban.foundation.errors import Conflict
from tongban.foundation.work import Work


class NotDrawn(Conflict):
    message = "办件 {number} 没有被抽中复核"


def recheck(work: Work, *, number: str, fine: bool, note: str = "") -> None:
    """Say whether a case that rules granted was rightly granted.

    A wrong grant stays in force until people undo it; whoever keeps the rules sees the note.

    :raises NotDrawn: if rules did not grant it.
    :raises AlreadyChecked: the second time, or where the lot drew another.
    :raises Invalid: for finding it wrong without saying why.
    """
    case = queries.load(work, number=number)
    work.actor.must("cases.review", department=case.department, region=case.region)
    answer = queries.instant(work, number=number)
    if answer is None or not answer.granted:
        raise NotDrawn(number=case.number)
    rulebook.recheck(work, evaluation=UUID(answer.evaluation), agreed=fine, note=note)
