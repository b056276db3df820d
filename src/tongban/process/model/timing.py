"""When a timer falls due, from what the definition or an expression says. Pure."""

from datetime import datetime
from typing import TYPE_CHECKING

from tongban.foundation.errors import Conflict
from tongban.process.model.graph import Node, Timer
from tongban.process.model.kinds import TimerKind
from tongban.process.model.times import Cycle, Period, parse_cycle, parse_moment, parse_period
from tongban.process.model.tokens import Alarm, Place
from tongban.process.model.work import plain

if TYPE_CHECKING:
    from tongban.process.model.play import Play

WORKDAYS_MAX = 10_000


class NoSuchTime(Conflict):
    message = "“{node}”的定时无法理解：{value}"


def first(play: "Play", node: Node, timer: Timer, place: Place) -> datetime | int | None:
    """Return when a timer fires for the first time, or in how many working days; None: never."""
    when = _when(play, node, timer, place)
    if isinstance(when, Cycle):
        return _local(play, when.first(play.world.now))
    return when


def following(play: "Play", node: Node, alarm: Alarm) -> datetime | None:
    """Return when a cycle fires again after it has fired; None if it does not."""
    timer = node.event.timer
    if timer is None or timer.kind is not TimerKind.CYCLE or not isinstance(alarm.due, datetime):
        return None
    when = _when(play, node, timer, alarm.place)
    if not isinstance(when, Cycle):
        return None
    return _local(play, when.following(alarm.due, count=alarm.fired + 1))


def _when(play: "Play", node: Node, timer: Timer, place: Place) -> datetime | int | Cycle:
    found: object = timer.fixed
    if found is None and timer.expression is not None:
        found = plain(play.value(timer.expression, place))
    if isinstance(found, str):
        found = parse_moment(found) or parse_cycle(found) or parse_period(found)
    if isinstance(found, Period):
        if timer.kind is TimerKind.CYCLE:
            return Cycle(-1, found)
        return found.after(play.world.now)
    if isinstance(found, datetime):
        return _local(play, found) or found
    if isinstance(found, Cycle):
        return found
    if isinstance(found, int) and 0 <= found <= WORKDAYS_MAX:
        return found
    raise NoSuchTime(node=node.name or node.id, value="null" if found is None else str(found))


def _local(play: "Play", moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=play.world.zone)
