"""Moving running instances to another version: proposed, tried, carried out in parts, reverted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tongban.foundation.errors import Conflict, Invalid, NotFound
from tongban.foundation.errors import Problem as FieldProblem
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import Book, carried
from tongban.process.events import ManyDone, MigrationAsked
from tongban.process.model.carry import Move
from tongban.process.model.instance import DefinitionLine, Instance, Key, NoSuchDefinition
from tongban.process.model.migration import (
    Pair,
    Plan,
    Standing,
    mapping_problems,
    obstacles,
    propose,
)
from tongban.process.model.play import Play
from tongban.process.model.problems import Problem
from tongban.process.model.tokens import Effects
from tongban.process.model.transfer import Transfer, transfer

MIGRATE = "process.migrate"
PERMISSION = "process.migrate"
CHUNK = 500
TEXT_MAX = 2_000
NOWHERE = Key("", 0, 0)


class NoSuchMigration(NotFound):
    message = "没有编号为 {id} 的流程迁移"


class NotTheSameProcess(Conflict):
    message = "只能在同一个流程的两个不同版本之间迁移"


class MigrationUnderWay(Conflict):
    message = "这次迁移的状态是“{state}”，不能这样操作"


class BadMapping(Invalid):
    """The mapping itself is wrong; ``faults`` says for each node why."""

    def __init__(self, faults: Sequence[Problem]) -> None:
        self.faults = tuple(faults)
        super().__init__(*(FieldProblem(one.node, one.message, one.details) for one in self.faults))


@dataclass(frozen=True, slots=True)
class Troubled:
    """An instance that cannot be moved, and why."""

    instance: Instance
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a migration would do with a part of the instances; ``after`` says where to go on."""

    checked: int
    troubled: tuple[Troubled, ...]
    after: Key | None


def propose_migration(work: Work, *, source: int, target: int) -> tuple[Pair, ...]:
    """Return for each node of a version what it most likely becomes in another.

    :raises NoSuchDefinition, NotTheSameProcess: if these are not two versions of one process.
    """
    line, plan = _plan(work, source, target, {})
    work.actor.must("process.read", department=line.department, region=line.region)
    return propose(plan.old, plan.new)


def dry_run(
    work: Work,
    *,
    source: int,
    target: int,
    nodes: Mapping[str, str],
    after: Key | None = None,
) -> DryRun:
    """Say which instances cannot be moved and why, without changing anything; a part at a time.

    :raises BadMapping: if the mapping itself is wrong.
    """
    line, plan = _plan(work, source, target, nodes)
    work.actor.must(PERMISSION, department=line.department, region=line.region)
    _must_map(plan)
    found = store.instances_of(work, definition=source, after=after or NOWHERE, limit=CHUNK * 10)
    troubled = []
    for since in range(0, len(found), CHUNK):
        part = found[since : since + CHUNK]
        standing = store.standing_of(work, [one.key for one in part])
        for one in part:
            problems = obstacles(plan, standing[one.key])
            if problems:
                troubled.append(Troubled(one, problems))
    more = found[-1].key if len(found) == CHUNK * 10 else None
    return DryRun(len(found), tuple(troubled), more)


def migrate(work: Work, *, source: int, target: int, nodes: Mapping[str, str], reason: str) -> int:
    """Ask for a migration, which the worker carries out part by part. Return its number.

    :raises BadMapping: if the mapping itself is wrong.
    """
    line, plan = _plan(work, source, target, nodes)
    work.actor.must(PERMISSION, department=line.department, region=line.region)
    _must_map(plan)
    reason = _told(reason)
    number = work.value(
        """
        insert into process.migration (process, source, target, nodes, department, region, reason,
                                       state, total, asked_by, asked_name, asked_at)
        select %(process)s, %(source)s, %(target)s, %(nodes)s::jsonb, %(department)s, %(region)s,
               %(reason)s, 'moving', count(*), %(by)s, %(by_name)s, %(now)s
          from process.instance where definition = %(source)s and state <> 'ended'
        returning id
        """,
        process=line.process,
        source=source,
        target=target,
        nodes=msgspec.json.encode(dict(nodes)).decode(),
        department=line.department,
        region=line.region,
        reason=reason,
        by=work.actor.id,
        by_name=work.actor.name,
        now=work.now,
    )
    work.record(
        MigrationAsked(
            line.process, number, str(source), str(target), "migrate", reason,
            line.department, line.region,
        )
    )  # fmt: skip
    _ask(work, number)
    return int(number)


def revert(work: Work, *, migration: int, reason: str) -> None:
    """Ask that instances go back to where they stood, as far as nothing was done with them since.

    :raises MigrationUnderWay: if it has not come to its end, or was reverted before.
    """
    held = _held(work, migration)
    work.actor.must(PERMISSION, department=held.department, region=held.region)
    if held.state != "moved":
        raise MigrationUnderWay(state=STATES[held.state])
    reason = _told(reason)
    _advance(work, held, "reverting", after=NOWHERE)
    work.record(
        MigrationAsked(
            held.process, migration, str(held.source), str(held.target), "revert", reason,
            held.department, held.region,
        )
    )  # fmt: skip
    _ask(work, migration)


STATES = {
    "moving": "正在迁移",
    "moved": "已迁移",
    "reverting": "正在回退",
    "reverted": "已回退",
}


def go_on_migrating(work: Work, *, migration: int) -> bool:
    """Carry out the next part of a migration. Return whether there is more to do."""
    held = _held(work, migration)
    work.actor.must(PERMISSION, department=held.department, region=held.region)
    if held.state == "moving":
        return _move_part(work, held)
    if held.state == "reverting":
        return _revert_part(work, held)
    return False


def _move_part(work: Work, held: store.MigrationLine) -> bool:
    _, plan = _plan(work, held.source, held.target, held.nodes)
    part = store.instances_of(work, definition=held.source, after=held.after, limit=CHUNK)
    keys = [one.key for one in part]
    done: dict[Key, tuple[Standing, Transfer]] = {}
    problems: dict[Key, Problem] = {}
    if keys:
        store.hold_whole(work, keys)
        book = Book(work)
        opened = store.open_many(book, keys, definition=held.source)
        standing = store.standing_of(work, [one.key for one in opened])
        for one in opened:
            found = obstacles(plan, standing[one.key])
            if found:
                problems[one.key] = found[0]
            else:
                moved = transfer(Play(book.world(one.key)), plan, standing[one.key])
                done[one.key] = (standing[one.key], moved)
    if done:
        _carry(work, book, held, done)
    store.note_problems(work, held.id, problems)
    more = len(keys) == CHUNK
    _advance(
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
    store.remember_before(work, held.id, keys)
    store.place_tokens(work, held.source, held.target, done)
    moves = []
    for key, (_, moved) in done.items():
        book.notes[key] = store.Note(text=held.reason, data={"migration": held.id})
        moves.append(Move(key, "migrate", "", moved.effects))
        world = book.world(key)
        world.tokens |= {token.id: token for token in moved.tokens}
    carried(book, moves)
    store.count_lines(work, held.id, keys)


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
    store.note_stayed(work, held.id, problems)
    more = len(keys) == CHUNK
    _advance(
        work, held, "reverting" if more else "reverted", after=keys[-1] if keys else held.after,
        reverted=len(back),
    )  # fmt: skip
    if not more:
        total = held.reverted + len(back)
        work.record(ManyDone("revert", held.process, total, held.moved - total))
    return more


def _advance(
    work: Work, held: store.MigrationLine, state: str, *, after: Key, **counts: int
) -> None:
    work.run(
        """
        update process.migration
           set state = %(state)s, after_region = %(region)s, after_month = %(month)s,
               after_id = %(id)s, moved = moved + %(moved)s, refused = refused + %(refused)s,
               reverted = reverted + %(reverted)s,
               ended_at = case when %(state)s in ('moved', 'reverted') then %(now)s end
         where id = %(migration)s
        """,
        state=state,
        region=after.region,
        month=after.month,
        id=after.id,
        moved=counts.get("moved", 0),
        refused=counts.get("refused", 0),
        reverted=counts.get("reverted", 0),
        now=work.now,
        migration=held.id,
    )


def _ask(work: Work, migration: int) -> None:
    schedule(work, kind=MIGRATE, due_at=work.now, key=str(migration), migration=migration)


def _held(work: Work, migration: int) -> store.MigrationLine:
    held = store.hold_migration(work, migration)
    if held is None:
        raise NoSuchMigration(id=migration)
    return held


def _plan(
    work: Work, source: int, target: int, nodes: Mapping[str, str]
) -> tuple[DefinitionLine, Plan]:
    line = store.line(work, definition=source)
    other = store.line(work, definition=target)
    if line is None or other is None:
        raise NoSuchDefinition(process=source if line is None else target)
    if line.process != other.process or source == target:
        raise NotTheSameProcess
    old, new = store.graph(work, source), store.graph(work, target)
    return line, Plan(source, target, old, new, {key: to for key, to in nodes.items() if to})


def _must_map(plan: Plan) -> None:
    faults = mapping_problems(plan.old, plan.new, plan.nodes)
    if faults:
        raise BadMapping(faults)


def _told(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(FieldProblem("reason", "请写明理由"))
    if len(reason) > TEXT_MAX:
        raise Invalid(FieldProblem("reason", "最多{limit}个字", {"limit": TEXT_MAX}))
    return reason
