"""Moves of an instance that are part of an act of a module above, which permits and records it."""

from collections.abc import Mapping

from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import (
    APPLICANT,
    Book,
    Following,
    carried,
    must_be_other_hand,
    must_do,
    must_have_help,
    must_run,
)
from tongban.process.commands.start import New, month_of
from tongban.process.model.carry import Move
from tongban.process.model.instance import Instance, InstanceState, Key, NoSuchItem
from tongban.process.model.play import Play
from tongban.process.model.tokens import ROOT, Effects
from tongban.process.store.standing import item_for

OWN_NUMBERS_BELOW = 10_000_000


def begin(work: Work, *, definition: int, new: New, id: int) -> Following:
    """Start an instance of one version, under a number that the caller brings, in one statement.

    ``id`` is unique within region and month, and below ``OWN_NUMBERS_BELOW``; those that ``start``
    gives lie above. Nothing is recorded beside the history: the caller's own event says it.

    Permits everyone: part of an act that was permitted.

    :raises NoSuchDefinition: if there is no such version.
    :raises NotStartable, SeveralStarts, NoWayOn, EndlessLoop: if it cannot move.
    """
    key = Key(new.region, month_of(work), id)
    instance = Instance(
        key, new.number, definition, new.department, new.holder, InstanceState.RUNNING
    )
    book = Book(work)
    # Numbers of tokens are unique within an instance; those of the sequence lie above the first.
    book.open(instance, store.BLOCK, new=True)
    effects = Play(book.world(key)).start(definition, new.data)
    [following] = carried(book, [Move(key, "start", effects.path[0], effects)])
    return following


def complete_act(
    work: Work, *, instance: Key, act: str, data: Mapping[str, object] | None = None
) -> Following:
    """Complete the open work item whose step names this act (``tongban:act``).

    The caller has permitted the act; role, unit, hand and four eyes of the step are asked too. Only
    what the applicant does is left to the caller, because a counter does it on their behalf.

    :raises NoSuchItem: if no such step waits.
    :raises Forbidden, SameHand, TakenByAnother, NotRunning, StillHelped: as ``complete``.
    """
    item = item_for(work, instance=instance, act=act)
    if item is None:
        raise NoSuchItem
    book = Book(work)
    held = book.hold(instance, item.token)
    if held.token.duty.role == APPLICANT:
        must_run(held.instance)
    else:
        must_do(work, held)
        must_be_other_hand(work, book, held)
        must_have_help(book, held.token, instance)
    effects = Play(book.world(instance)).complete(held.token, data or {})
    book.notes[instance] = store.Note(held.born_at, data=data or {})
    [following] = carried(book, [Move(instance, "complete", held.token.node, effects)])
    return following


def end(work: Work, *, instance: Key, act: str, reason: str) -> None:
    """End an instance with everything in it, because what it was about is over.

    Nothing happens where it has ended already. Permits everyone: part of a permitted act.
    """
    book = Book(work)
    whole = store.hold_instance(book, instance)
    if whole.instance.state is InstanceState.ENDED:
        return
    effects = Effects(felled=[ROOT], disarmed=[ROOT], outcome="cancelled")
    book.notes[instance] = store.Note(text=reason)
    carried(book, [Move(instance, act, "", effects)])
