"""Moving running instances to another version: proposed, tried, asked for, reverted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tongban.foundation.actor import Kind
from tongban.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from tongban.foundation.errors import Problem as FieldProblem
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.means import means_for
from tongban.process.events import MigrationAsked
from tongban.process.model.instance import DefinitionLine, Instance, Key, NoSuchDefinition
from tongban.process.model.means import Means, shortcomings
from tongban.process.model.migration import (
    Pair,
    Plan,
    Standing,
    mapping_problems,
    obstacles,
    propose,
)
from tongban.process.model.problems import Problem

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


class OwnMigration(Forbidden):
    message = "自己提出的迁移不能自己执行，请由另一位有迁移权限的人核对后执行"


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
    line, plan = plan_of(work, source, target, {})
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
    line, plan = plan_of(work, source, target, nodes)
    work.actor.must(PERMISSION, department=line.department, region=line.region)
    _must_map(plan)
    found = store.instances_of(work, definition=source, after=after or NOWHERE, limit=CHUNK * 10)
    troubled, means = [], means_for(work, plan)
    for since in range(0, len(found), CHUNK):
        part = found[since : since + CHUNK]
        standing = store.standing_of(work, [one.key for one in part])
        for one in part:
            problems = hindrances(plan, means, one, standing[one.key])
            if problems:
                troubled.append(Troubled(one, problems))
    more = found[-1].key if len(found) == CHUNK * 10 else None
    return DryRun(len(found), tuple(troubled), more)


def hindrances(
    plan: Plan, means: Means, instance: Instance, standing: Standing
) -> tuple[Problem, ...]:
    """Return all that keeps an instance from moving: where it stands, else what it would need.

    Permits everyone: pure.
    """
    found = obstacles(plan, standing)
    if found:
        return found
    return shortcomings(
        plan, standing, means, department=instance.department, region=instance.key.region
    )


def plan_migration(
    work: Work, *, source: int, target: int, nodes: Mapping[str, str], reason: str
) -> int:
    """Propose a migration, which the worker tries without moving anything. Return its number.

    :raises BadMapping: if the mapping itself is wrong.
    """
    work.actor.must(PERMISSION)  # For this department and region, too, in what follows.
    return _asked(work, source, target, nodes, state="trying", reason=reason)


def carry_out_migration(work: Work, *, migration: int) -> None:
    """Let the worker carry out a migration that was tried, part by part.

    :raises MigrationUnderWay: if it has not been tried to its end, or was carried out before.
    :raises OwnMigration: for whoever proposed it; it takes four eyes, as publishing does.
    """
    held = held_of(work, migration)
    work.actor.must(PERMISSION, department=held.department, region=held.region)
    if held.state != "tried":
        raise MigrationUnderWay(state=STATES[held.state])
    if work.actor.id == held.asked_by and work.actor.kind is not Kind.SYSTEM:
        raise OwnMigration(permission=PERMISSION)
    work.run(
        """
        update process.migration
           set moved = 0, refused = 0, carried_name = %(name)s, carried_at = %(now)s,
               total = (select count(*) from process.instance
                         where definition = %(source)s and state <> 'ended')
         where id = %(id)s
        """,
        name=work.actor.name,
        now=work.now,
        source=held.source,
        id=migration,
    )
    advance(work, held, "moving", after=NOWHERE)
    _told_of(work, held, "migrate", held.reason)
    _ask(work, migration)


def migrate(work: Work, *, source: int, target: int, nodes: Mapping[str, str], reason: str) -> int:
    """Ask for a migration at once, without trying it before. Return its number.

    Only for the system itself, such as the command line: of people it takes two.

    :raises BadMapping: if the mapping itself is wrong.
    """
    work.actor.must(PERMISSION)
    if work.actor.kind is not Kind.SYSTEM:
        raise OwnMigration(permission=PERMISSION)
    number = _asked(work, source, target, nodes, state="moving", reason=reason)
    _told_of(work, held_of(work, number), "migrate", reason)
    return number


def _asked(
    work: Work, source: int, target: int, nodes: Mapping[str, str], *, state: str, reason: str
) -> int:
    line, plan = plan_of(work, source, target, nodes)
    work.actor.must(PERMISSION, department=line.department, region=line.region)
    _must_map(plan)
    number = work.value(
        """
        insert into process.migration (process, source, target, nodes, department, region, reason,
                                       state, total, asked_by, asked_name, asked_at)
        select %(process)s, %(source)s, %(target)s, %(nodes)s::jsonb, %(department)s, %(region)s,
               %(reason)s, %(state)s, count(*), %(by)s, %(by_name)s, %(now)s
          from process.instance where definition = %(source)s and state <> 'ended'
        returning id
        """,
        process=line.process,
        source=source,
        target=target,
        nodes=msgspec.json.encode(dict(nodes)).decode(),
        department=line.department,
        region=line.region,
        reason=_told(reason),
        state=state,
        by=work.actor.id,
        by_name=work.actor.name,
        now=work.now,
    )
    _ask(work, number)
    return int(number)


def _told_of(work: Work, held: store.MigrationLine, act: str, reason: str) -> None:
    work.record(
        MigrationAsked(
            held.process, held.id, str(held.source), str(held.target), act, reason,
            held.department, held.region,
        )
    )  # fmt: skip


def revert(work: Work, *, migration: int, reason: str) -> None:
    """Ask that instances go back to where they stood, as far as nothing was done with them since.

    :raises MigrationUnderWay: if it has not come to its end, or was reverted before.
    """
    held = held_of(work, migration)
    work.actor.must(PERMISSION, department=held.department, region=held.region)
    if held.state != "moved":
        raise MigrationUnderWay(state=STATES[held.state])
    reason = _told(reason)
    advance(work, held, "reverting", after=NOWHERE)
    _told_of(work, held, "revert", reason)
    _ask(work, migration)


STATES = {
    "trying": "正在试算",
    "tried": "已试算",
    "moving": "正在迁移",
    "moved": "已迁移",
    "reverting": "正在回退",
    "reverted": "已回退",
}


def advance(
    work: Work, held: store.MigrationLine, state: str, *, after: Key, **counts: int
) -> None:
    """Note how far a migration has come. Permits everyone: part of what was permitted."""
    work.run(
        """
        update process.migration
           set state = %(state)s, after_region = %(region)s, after_month = %(month)s,
               after_id = %(id)s, moved = moved + %(moved)s, refused = refused + %(refused)s,
               reverted = reverted + %(reverted)s,
               ended_at = case when %(state)s in ('tried', 'moved', 'reverted') then %(now)s end
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


def held_of(work: Work, migration: int) -> store.MigrationLine:
    """Lock a migration and return it. Permits everyone: whoever calls asks."""
    held = store.hold_migration(work, migration)
    if held is None:
        raise NoSuchMigration(id=migration)
    return held


def plan_of(
    work: Work, source: int, target: int, nodes: Mapping[str, str]
) -> tuple[DefinitionLine, Plan]:
    """Return the old version and the plan for it. Permits everyone: whoever calls asks."""
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
