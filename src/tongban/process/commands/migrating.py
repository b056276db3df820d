"""Carrying out what was asked about a migration: part by part, each a transaction of its own."""

from collections.abc import Mapping

from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import Book, carried
from tongban.process.commands.means import means_for
from tongban.process.commands.migrate import (
    CHUNK,
    NOWHERE,
    PERMISSION,
    advance,
    held_of,
    hindrances,
    plan_of,
)
from tongban.process.events import InstancesMigrated, ManyDone
from tongban.process.model.carry import Move
from tongban.process.model.instance import Key
from tongban.process.model.migration import Standing
from tongban.process.model.play import Play
from tongban.process.model.problems import Problem
from tongban.process.model.tokens import Effects
from tongban.process.model.transfer import Transfer, transfer


def go_on_migrating(work: Work, *, migration: int) -> bool:
    """Carry out the next part of a migration. Return whether there is more to do."""
    held = held_of(work, migration)
    work.actor.must(PERMISSION, department=held.department, region=held.region)
    if held.state == "trying":
        return _try_part(work, held)
    if held.state == "moving":
        return _move_part(work, held)
    if held.state == "reverting":
        return _revert_part(work, held)
    return False


def _try_part(work: Work, held: store.MigrationLine) -> bool:
    """Note what stands in the way of the next instances; nothing is locked and nothing moves."""
    _, plan = plan_of(work, held.source, held.target, held.nodes)
    part = store.instances_of(work, definition=held.source, after=held.after, limit=CHUNK)
    keys = [one.key for one in part]
    standing = store.standing_of(work, keys) if keys else {}
    means = means_for(work, plan)
    found = {
        one.key: hindrances(plan, means, one, standing[one.key])
        for one in part
        if one.key in standing
    }
    problems = {key: those[0] for key, those in found.items() if those}
    store.note_problems(work, held.id, problems)
    more = len(keys) == CHUNK
    advance(
        work, held, "trying" if more else "tried", after=keys[-1] if keys else held.after,
        moved=len(keys) - len(problems), refused=len(problems),
    )  # fmt: skip
    return more


def _move_part(work: Work, held: store.MigrationLine) -> bool:
    if held.after == NOWHERE:
        store.forget_problems(work, held.id)
    _, plan = plan_of(work, held.source, held.target, held.nodes)
    part = store.instances_of(work, definition=held.source, after=held.after, limit=CHUNK)
    keys = [one.key for one in part]
    done: dict[Key, tuple[Standing, Transfer]] = {}
    problems: dict[Key, Problem] = {}
    if keys:
        store.hold_whole(work, keys)
        book = Book(work)
        opened = store.open_many(book, keys, definition=held.source)
        standing, means = (
            store.standing_of(work, [one.key for one in opened]), means_for(work, plan)
        )  # fmt: skip
        for one in opened:
            found = hindrances(plan, means, one, standing[one.key])
            if found:
                problems[one.key] = found[0]
            else:
                moved = transfer(Play(book.world(one.key)), plan, standing[one.key])
                done[one.key] = (standing[one.key], moved)
    if done:
        _carry(work, book, held, done)
    store.note_problems(work, held.id, problems)
    more = len(keys) == CHUNK
    advance(
        work, held, "moving" if more else "moved", after=keys[-1] if keys else held.after,
        moved=len(done), refused=len(problems),
    )  # fmt: skip
    if not more:
        work.record(
            ManyDone("migrate", held.process, held.moved + len(done), held.refused + len(problems))
        )
    return more


def _carry(
    work: Work,
    book: Book,
    held: store.MigrationLine,
    done: Mapping[Key, tuple[Standing, Transfer]],
) -> None:
    keys = list(done)
    # The worker moves it, so the history names the person who let it.
    told = f"{held.reason} - {held.carried_name}" if held.carried_name else held.reason
    store.remember_before(work, held.id, keys)
    store.place_tokens(work, held.source, held.target, done)
    moves = []
    for key, (_, moved) in done.items():
        book.notes[key] = store.Note(text=told, data={"migration": held.id})
        moves.append(Move(key, "migrate", "", moved.effects))
        world = book.world(key)
        world.tokens |= {token.id: token for token in moved.tokens}
    carried(book, moves)
    store.count_lines(work, held.id, keys)
    _tell(work, held, book, keys, held.target)


def _tell(
    work: Work, held: store.MigrationLine, book: Book, keys: list[Key], definition: int
) -> None:
    numbers = tuple(book.world(key).instance.number for key in keys)
    instances = tuple(map(str, keys))
    if keys:
        work.record(InstancesMigrated(held.process, held.id, definition, numbers, instances))


def _revert_part(work: Work, held: store.MigrationLine) -> bool:
    keys = store.migrated_keys(work, migration=held.id, after=held.after, limit=CHUNK)
    back: list[Key] = []
    problems: dict[Key, Problem] = {}
    if keys:
        store.hold_whole(work, keys)
        book = Book(work)
        running = {
            one.key for one in store.open_many(book, keys, definition=held.target)
        } & store.unmoved(work, held.id, keys)
        back = [key for key in keys if key in running]
        problems = {
            key: Problem("", "迁移之后已经有人办理，不能回退") for key in keys if key not in running
        }
    if back:
        store.put_back(work, held.id, back, held.source)
        for key in back:
            book.notes[key] = store.Note(text=held.reason, data={"migration": held.id})
        book.apply([Move(key, "revert", "", Effects()) for key in back])
        _tell(work, held, book, back, held.source)
    store.note_stayed(work, held.id, problems)
    more = len(keys) == CHUNK
    advance(
        work, held, "reverting" if more else "reverted", after=keys[-1] if keys else held.after,
        reverted=len(back),
    )  # fmt: skip
    if not more:
        total = held.reverted + len(back)
        work.record(ManyDone("revert", held.process, total, held.moved - total))
    return more
