"""What people do with work items: take, give back, hand on, complete; one or many."""

from collections.abc import Iterator, Mapping, Sequence

from tongban.foundation.errors import Refusal
from tongban.foundation.work import Work
from tongban.process.commands.acting import (
    Book,
    Following,
    carried,
    must_be_other_hand,
    must_do,
    must_have_help,
    own_hands,
    tell_of_step,
)
from tongban.process.commands.start import Refused
from tongban.process.events import ManyDone
from tongban.process.model.carry import Move, carry_out
from tongban.process.model.instance import Held, ItemKey, Key, NoSuchItem, SameHand
from tongban.process.model.shared import Shared
from tongban.process.model.tokens import Effects, State
from tongban.process.store import Note

CHUNK = 500


def complete(
    work: Work, *, item: ItemKey, data: Mapping[str, object] | None = None, note: str = ""
) -> Following:
    """Complete a work item. ``data`` become variables, as the outputs of the step say.

    :raises NoSuchItem: if it is not open any more.
    :raises Forbidden: if the actor may not do it, or did what it checks (SameHand).
    :raises TakenByAnother, NotRunning, StillHelped, NoWayOn: if it cannot be completed now.
    """
    book = Book(work)
    held = _held(work, book, item)
    must_be_other_hand(work, book, held)
    must_have_help(book, held.token, held.instance.key)
    [following] = carried(book, [_completed(book, held, Shared(data), note)])
    tell_of_step(work, held.token.node, following)
    return following


def complete_many(
    work: Work,
    *,
    items: Sequence[ItemKey],
    data: Mapping[str, object] | None = None,
    note: str = "",
) -> list[Refused]:
    """Complete many work items with one decision, set by set.

    Return those that were refused, with the reason; all others are done.

    Permits everyone: each item is asked for in the part that it is done in.
    """
    refused: list[Refused] = []
    plays = Shared(data)
    for chunk in _chunks(items):
        _complete_chunk(work, chunk, plays, note, refused)
    work.record(ManyDone("complete", "", len(items) - len(refused), len(refused)))
    return refused


def _complete_chunk(
    work: Work,
    chunk: Sequence[ItemKey],
    plays: Shared,
    note: str,
    refused: list[Refused],
) -> None:
    book = Book(work)
    found = {(held.instance.key, held.token.id): held for held in book.hold_many(chunk)}
    own = own_hands(work, book, list(found.values()))
    moves = []
    permitted: set[object] = set()
    for item in chunk:
        try:
            held = found.get(item)
            if held is None or held.token.state is not State.WORK:
                raise NoSuchItem
            # Everything that is asked of the actor, so that those alike are asked for once.
            instance, token = held.instance, held.token
            kind = (token.duty.role, token.duty.department, token.duty.assignee,
                    item.instance.region, instance.holder, instance.state)  # fmt: skip
            if kind not in permitted:
                must_do(work, held)
                permitted.add(kind)
            if item in own:
                raise SameHand(permission="process.work", node=own[item])
            must_have_help(book, token, instance.key)
            moves.append(_completed(book, held, plays, note))
        except Refusal as refusal:
            refused.append(Refused(str(item), refusal))
    if moves:
        carry_out(book, moves)


def _chunks(items: Sequence[ItemKey]) -> Iterator[list[ItemKey]]:
    """Items in parts in which each instance stands once, in the order of the locks."""
    pending = sorted(set(items))
    while pending:
        chunk: dict[Key, ItemKey] = {}
        later = []
        for item in pending:
            if len(chunk) < CHUNK and item.instance not in chunk:
                chunk[item.instance] = item
            else:
                later.append(item)
        yield list(chunk.values())
        pending = later


def _held(work: Work, book: Book, item: ItemKey) -> Held:
    held = book.hold(item.instance, item.token)
    if held.token.state is not State.WORK:
        raise NoSuchItem
    must_do(work, held)
    return held


def _completed(book: Book, held: Held, plays: Shared, note: str) -> Move[Key]:
    key, token = held.instance.key, held.token
    if token.helps > 0:
        # An opinion moves nothing on: it is in the history, and the step waits for one less.
        effects = Effects(gone=[token.id])
    else:
        effects = plays.complete(book.world(key), token)
    book.notes[key] = Note(held.born_at, note, plays.data)
    return Move(key, "help" if token.helps > 0 else "complete", token.node, effects)
