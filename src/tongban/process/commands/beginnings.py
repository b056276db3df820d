"""Instances that begin by themselves: at a time, again and again, or when a signal is given."""

from datetime import datetime

from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work
from tongban.process import store
from tongban.process.commands.acting import Following
from tongban.process.commands.start import New, start
from tongban.process.model import timing
from tongban.process.model.graph import Graph, Node
from tongban.process.model.instance import NoSuchDefinition
from tongban.process.model.kinds import EventKind
from tongban.process.model.memory import Memory
from tongban.process.model.play import Play
from tongban.process.model.tokens import ROOT, Alarm, Place

BEGIN = "process.begin"
HERE = Place(0)


def plan_beginnings(work: Work, *, definition: int, graph: Graph, region: str) -> None:
    """Ask the worker to begin instances when the start events with a timer are due.

    Permits everyone: it follows from publishing, which was permitted.
    """
    for number in graph.scopes[0].triggers:
        node = graph.nodes[number]
        if node.event.kind is EventKind.TIMER and node.event.timer is not None:
            due = timing.first(_play(work, graph), node, node.event.timer, HERE)
            if isinstance(due, int):
                due = _in_workdays(work, due, region)
            if due is not None:
                _ask(work, definition, node, due, 0)


def begin_by_timer(
    work: Work, *, definition: int, node: str, due: datetime, fired: int
) -> Following | None:
    """Begin an instance whose time has come, and ask for the next one of a cycle.

    None if another version is in force, whose own timers begin its instances. Times that passed
    while no worker was there are not made up for one by one.
    """
    work.actor.must("process.operate")
    line = store.line(work, definition=definition)
    if line is None:
        raise NoSuchDefinition(process=definition)
    if store.in_force(work, line.process) != definition:
        return None
    graph = store.graph(work, definition)
    event, play = graph.node(node), _play(work, graph)
    fired += 1
    following = timing.following(play, event, Alarm(ROOT, node, HERE, due, fired - 1))
    while following is not None and following <= work.now:
        fired += 1
        following = timing.following(play, event, Alarm(ROOT, node, HERE, following, fired - 1))
    if following is not None:
        _ask(work, definition, event, following, fired)
    number = f"{line.process}-{node}-{due:%Y%m%d%H%M%S}"
    return start(
        work, process=line.process, new=New(number, line.region, line.department), node=node
    )


def begin_by_signal(work: Work, *, name: str, data: dict[str, object]) -> list[Following]:
    """Begin an instance of each process whose version in force begins with a signal."""
    work.actor.must("process.message")
    begun = []
    for process, node in store.entries(work, kind="signal", name=name):
        line = store.line(work, definition=store.in_force(work, process))
        assert line is not None
        number = f"{process}-{node}-{work.now:%Y%m%d%H%M%S%f}"
        new = New(number, line.region, line.department, data=data)
        begun.append(start(work, process=process, new=new, node=node))
    return begun


def _play(work: Work, graph: Graph) -> Play:
    return Play(Memory([graph], work.now))


def _ask(work: Work, definition: int, node: Node, due: datetime, fired: int) -> None:
    schedule(
        work, kind=BEGIN, due_at=due, key=f"{definition}/{node.id}/{fired}",
        definition=str(definition), node=node.id, due=due.isoformat(), fired=fired,
    )  # fmt: skip


def _in_workdays(work: Work, days: int, region: str) -> datetime:
    due: datetime = work.value(
        """
        select (foundation.due_on(%(today)s, %(days)s, %(region)s) + time '23:59:59')
               at time zone 'Asia/Shanghai'
        """,
        today=work.today,
        days=days,
        region=region,
    )
    return due
