"""Moving running instances from version to version: proposed, tried, carried out, reverted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import process
from tongban.channels.shell.forms import form, text, whole
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work

MIGRATE = "process.migrate"
PAGE = 50
KEPT_MAX = 1_000
NODE = "node."
STATES: dict[str, tuple[str, str]] = {
    "trying": ("正在试算", "info"),
    "tried": ("已试算", "warn"),
    "moving": ("正在迁移", "info"),
    "moved": ("已迁移", "good"),
    "reverting": ("正在回退", "info"),
    "reverted": ("已回退", "plain"),
}
BECAUSE = {
    process.Because.SAME_ID: "编号相同",
    process.Because.SAME_NAME: "名称相同，编号改了",
    process.Because.UNKNOWN: "没有找到对应的",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A node of the old version and what the person, or else the proposal, says it becomes."""

    pair: process.Pair
    to: str

    @property
    def field(self) -> str:
        return NODE + self.pair.node


def _versions(work: Work, code: str) -> list[process.DefinitionLine]:
    """The versions of a process, for whoever may migrate its instances; the newest first.

    Of the old ones those on which something runs: only from there is anything to be moved.
    """
    found = process.versions(work, process=code, limit=KEPT_MAX)
    if not found:
        raise process.NoSuchDefinition(process=code)
    for one in found[:1]:
        work.actor.must(MIGRATE, department=one.department, region=one.region)
    running = process.running_of(work, definitions=[one.id for one in found[PAGE:]])
    return [*found[:PAGE], *(one for one in found[PAGE:] if running.get(one.id))]


def listing(request: Request, work: Work) -> Response:
    """What runs in which version, from where to where, and the migrations that were asked for."""
    code = request.path_params["process"]
    versions = _versions(work, code)
    running = process.running_of(work, definitions=[one.id for one in versions])
    older = [one for one in versions[1:] if running.get(one.id)] or versions[1:]
    return show(
        request,
        "console/processes/migrations.html",
        line=versions[0],
        versions=versions,
        running=running,
        source=older[0].version if older else 0,
        target=versions[0].version,
        lines=process.migrations(work, process=code),
        numbers={
            one.id: one.version for one in process.versions(work, process=code, limit=KEPT_MAX)
        },
        states=STATES,
    )


def propose(request: Request, work: Work) -> Response:
    """The mapping as it is proposed, or as it was tried before, to be edited by a person."""
    code = request.path_params["process"]
    versions = _versions(work, code)
    asked = request.query_params
    like = whole(asked.get("like", ""))
    known = None if like is None else process.migration(work, migration=like)
    known = known if known is not None and known.process == code else None
    source = _version(versions, asked.get("source", ""), "source", known.source if known else None)
    target = _version(versions, asked.get("target", ""), "target", known.target if known else None)
    pairs = process.propose_migration(work, source=source.id, target=target.id)
    rows = [Row(one, _chosen(request, known, one)) for one in pairs]
    running = process.running_of(work, definitions=[source.id])
    return show(
        request,
        "console/processes/migration_new.html",
        source=source,
        target=target,
        open=[one for one in rows if _to_be_looked_at(one)],
        same=[one for one in rows if not _to_be_looked_at(one)],
        because=BECAUSE,
        running=running.get(source.id, 0),
        reason=text(request, "reason") or (known.reason if known else ""),
    )


def _version(
    versions: Sequence[process.DefinitionLine], said: str, field: str, known: int | None
) -> process.DefinitionLine:
    wanted = whole(said)
    for one in versions:
        if one.version == wanted or (not said and one.id == known):
            return one
    raise Invalid(Problem(field, "请选择一个已发布的版本"))


def _chosen(request: Request, known: process.MigrationLine | None, pair: process.Pair) -> str:
    sent = form(request).get(NODE + pair.node)
    if isinstance(sent, str):
        return sent
    return known.nodes.get(pair.node, "") if known else pair.to


def _to_be_looked_at(row: Row) -> bool:
    return (
        row.pair.because is not process.Because.SAME_ID or row.pair.moved or row.to != row.pair.to
    )


def attempt(request: Request, work: Work) -> Response:
    """Have the worker try the mapping; nothing moves."""
    versions = _versions(work, request.path_params["process"])
    source = _version(versions, request.query_params.get("source", ""), "source", None)
    target = _version(versions, request.query_params.get("target", ""), "target", None)
    nodes = {
        name.removeprefix(NODE): value
        for name, value in form(request).items()
        if name.startswith(NODE) and isinstance(value, str) and value
    }
    try:
        number = process.plan_migration(
            work, source=source.id, target=target.id, nodes=nodes, reason=text(request, "reason")
        )
    except process.BadMapping as bad:
        raise Invalid(
            *(Problem(NODE + it.field, it.message, it.details) for it in bad.problems)
        ) from bad
    return go_to(
        request, "console.migration", flash="已交给后台试算，没有移动任何办件", number=str(number)
    )


def one(request: Request, work: Work) -> Response:
    """A migration on one page: how far it is, what stands in the way, what can be done next."""
    line = _line(request, work)
    versions = {
        number: process.by_number(work, definition=number).line
        for number in (line.source, line.target)
    }
    after = request.query_params.get("after", "")
    found = process.migration_problems(work, migration=line.id, after=_key(after), limit=PAGE + 1)
    old, new = (_names(work, number) for number in (line.source, line.target))
    return show(
        request,
        "console/processes/migration.html",
        line=line,
        name=versions[line.target].name,
        source=versions[line.source].version,
        target=versions[line.target].version,
        states=STATES,
        own=line.asked_by == work.actor.id,
        obstacles=process.migration_obstacles(work, migration=line.id),
        problems=found[:PAGE],
        next=str(found[PAGE - 1][0]) if len(found) > PAGE else "",
        first=not after,
        mapping=[
            (old.get(node, node), new.get(to, to))
            for node, to in line.nodes.items()
            if (node, old.get(node)) != (to, new.get(to))
        ],
        left=[name for node, name in old.items() if node not in line.nodes],
    )


def _line(request: Request, work: Work) -> process.MigrationLine:
    number = request.path_params["number"]
    found = process.migration(work, migration=number)
    if found is None:
        raise process.NoSuchMigration(id=number)
    work.actor.must(MIGRATE, department=found.department, region=found.region)
    return found


def _names(work: Work, definition: int) -> Mapping[str, str]:
    graph = process.by_number(work, definition=definition).graph
    return {node.id: node.name or node.id for node in graph.nodes}


def _key(said: str) -> process.Key | None:
    try:
        return process.read_key(said) if said else None
    except NotFound:
        return None


def carry_out(request: Request, work: Work) -> Response:
    process.carry_out_migration(work, migration=request.path_params["number"])
    return _back(request, "已交给后台分批迁移")


def revert(request: Request, work: Work) -> Response:
    process.revert(work, migration=request.path_params["number"], reason=text(request, "reason"))
    return _back(request, "已交给后台分批回退")


def _back(request: Request, flash: str) -> Response:
    return go_to(
        request, "console.migration", flash=flash, number=str(request.path_params["number"])
    )


ALL = "/console/processes/published/{process}/migrations"
ONE = "/console/migrations/{number:int}"
routes = [
    page(ALL, listing, name="console.migrations", permit=MIGRATE),
    page(ALL + "/new", propose, name="console.migration_new", permit=MIGRATE),
    action(ALL + "/new", attempt, name="console.migration_try", permit=MIGRATE, again=propose),
    page(ONE, one, name="console.migration", permit=MIGRATE),
    action(ONE + "/carry-out", carry_out, name="console.migration_do", permit=MIGRATE, again=one),
    action(ONE + "/revert", revert, name="console.migration_revert", permit=MIGRATE, again=one),
]
