"""What moves instances beside people: timers, messages, signals."""

from collections.abc import Collection, Mapping, Sequence

from tongban.foundation.errors import Conflict, NotFound, Refusal
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import (
    Book,
    Following,
    carried,
    must_run,
    tell_of_move,
    tell_of_moves,
)
from tongban.process.commands.beginnings import begin_by_signal
from tongban.process.commands.start import New, start
from tongban.process.events import ManyDone
from tongban.process.model.carry import Move
from tongban.process.model.instance import Key, NoSuchInstance
from tongban.process.model.play import Play
from tongban.process.model.shared import Shared
from tongban.process.model.tokens import ROOT, Alarm, Subscription, Token

RING_CHUNK = 1_000
SIGNAL_CHUNK = 500


class NobodyListens(NotFound):
    message = "没有流程在等待消息“{name}”"


class SeveralListen(Conflict):
    message = "等待消息“{name}”的流程不止一个，请指明是哪一件"


def ring_due(work: Work, *, limit: int = RING_CHUNK) -> int:
    """Let timers fire that are due, at most so many. Return how many did or were given up.

    Several workers share them: a timer whose token another one holds is passed over.
    """
    work.actor.must("process.operate")
    book = Book(work)
    keys = store.take_due(work, limit=limit)
    if keys:
        held = {(h.instance.key, h.token.id): h.token for h in book.hold_many(keys)}
        found = [
            (key, alarm, held.get((key, alarm.token))) for key, alarm in store.alarms_of(work, keys)
        ]
        return _ring(book, [one for one in found if one[2] is not None])
    keys = store.take_due_whole(work, limit=max(1, limit // 20))
    alarms = []
    for key, alarm in store.alarms_of(work, keys):
        whole = store.hold_instance(book, key)
        token = next((one for one in whole.tokens if one.id == alarm.token), None)
        if token is not None or alarm.token == ROOT:
            alarms.append((key, alarm, token))
    return _ring(book, alarms)


def _ring(book: Book, alarms: Sequence[tuple[Key, Alarm, Token | None]]) -> int:
    moves = []
    plays = Shared()
    for key, alarm, token in alarms:
        try:
            effects = plays.ring(book.world(key), token, alarm)
        except Refusal as refusal:
            store.give_up_alarm(book.work, key, alarm, str(refusal))
        else:
            moves.append(Move(key, "timer", alarm.node, effects))
    if moves:
        followed = carried(book, moves)
        told = [(move.node, after) for move, after in zip(moves, followed, strict=True)]
        tell_of_moves(book.work, "timer", told)
    return len(alarms)


def message(
    work: Work,
    *,
    name: str,
    key: str = "",
    data: Mapping[str, object] | None = None,
    new: New | None = None,
) -> Following:
    """Give a message to the one instance that waits for it, found by its key.

    Where none waits and ``new`` is given, the latest process with such a start event begins.

    :raises NobodyListens, SeveralListen: if it is not clear for whom it is.
    """
    work.actor.must("process.message")
    found = store.listening(work, kind="message", name=name, key=key)
    exact = [one for one in found if one[1].key == key] or found
    if len(exact) > 1:
        raise SeveralListen(name=name)
    if exact:
        following = _told(work, *exact[0], data or {})
        if following is not None:
            return following
    entries = store.entries(work, kind="message", name=name) if new else []
    if new is None or not entries:
        raise NobodyListens(name=name)
    process, node = entries[0]
    begun = New(new.number, new.region, new.department, new.holder, {**new.data, **(data or {})})
    return start(work, process=process, new=begun, node=node)


def signal(
    work: Work,
    *,
    name: str,
    data: Mapping[str, object] | None = None,
    after: Key | None = None,
    told: Collection[tuple[Key, int, str]] = (),
) -> Key | None:
    """Give a signal to everybody who waits for it, a part at a time; begin what begins with it.

    ``told`` are those who heard it when it was thrown: instance, token and node. Return where to
    go on, None when everybody has been told.
    """
    work.actor.must("process.message")
    if after is None:
        begin_by_signal(work, name=name, data=dict(data or {}))
    found = store.listening(work, kind="signal", name=name, limit=SIGNAL_CHUNK, after=after)
    full = len(found) == SIGNAL_CHUNK
    if full and found[0][0] != found[-1][0]:
        # Of the last instance some may still be to come: it is told in the next part, as a whole.
        found = [one for one in found if one[0] != found[-1][0]]
    last = found[-1][0] if full else None
    found = [one for one in found if (one[0], one[1].token, one[1].node) not in told]
    # Of each instance one at once; who hears twice, or may sweep others away, comes by itself.
    together: dict[Key, Subscription] = {}
    alone = []
    for key, wanted in found:
        if key in together or wanted.sweeping or wanted.token == ROOT:
            alone.append((key, wanted))
        else:
            together[key] = wanted
    refused = _tell_all(work, together, data or {})
    for key, wanted in alone:
        try:
            _told(work, key, wanted, data or {})
        except Refusal:
            refused += 1
    if refused:
        work.record(ManyDone("signal", name, len(found) - refused, refused))
    return last


def _tell_all(work: Work, together: Mapping[Key, Subscription], data: Mapping[str, object]) -> int:
    """Let subscribers of a signal hear in one go; who does not listen any more is left out.

    Return how many could not go on from there: they go on listening.
    """
    if not together:
        return 0
    book = Book(work)
    held = book.hold_many([(key, wanted.token) for key, wanted in together.items()])
    still = store.still_listening(work, [(one.instance.key, one.token.id) for one in held])
    plays = Shared(data)
    moves, refused = [], 0
    for one in held:
        key = one.instance.key
        wanted = together[key]
        if (key, wanted.token, wanted.node) not in still:
            continue
        try:
            must_run(one.instance)
            effects = plays.hear(book.world(key), one.token, wanted)
        except Refusal:
            refused += 1
        else:
            book.notes[key] = store.Note(data=data)
            moves.append(Move(key, wanted.kind, wanted.node, effects))
    if moves:
        followed = carried(book, moves)
        told = [(move.node, after) for move, after in zip(moves, followed, strict=True)]
        tell_of_moves(work, "signal", told)
    return refused


def _told(
    work: Work, key: Key, wanted: Subscription, data: Mapping[str, object]
) -> Following | None:
    """Let one subscriber hear; None if it does not listen any more."""
    book = Book(work)
    token: Token | None = None
    if wanted.sweeping or wanted.token == ROOT:
        try:
            whole = store.hold_instance(book, key)
        except NoSuchInstance:
            return None
        must_run(whole.instance)
        token = next((one for one in whole.tokens if one.id == wanted.token), None)
    else:
        held = book.hold_many([(key, wanted.token)])
        if not held:
            return None
        must_run(held[0].instance)
        token = held[0].token
    if (key, wanted.token, wanted.node) not in store.still_listening(work, [(key, wanted.token)]):
        return None
    effects = Play(book.world(key)).trigger(token, wanted.node, wanted.place, data)
    book.notes[key] = store.Note(data=data)
    [following] = carried(book, [Move(key, wanted.kind, wanted.node, effects)])
    tell_of_move(work, wanted.kind, wanted.node, following)
    return following
