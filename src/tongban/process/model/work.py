"""For whom a work item is, until when; and values as they are kept. Pure."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tongban.process.model.graph import Node
from tongban.process.model.kinds import LimitUnit
from tongban.process.model.tokens import NOBODY, Duty, Place
from tongban.rules import to_json

if TYPE_CHECKING:
    from tongban.process.model.play import Play

_SPANS = {
    LimitUnit.DAY: timedelta(days=1),
    LimitUnit.HOUR: timedelta(hours=1),
    LimitUnit.MINUTE: timedelta(minutes=1),
}


def duty(play: "Play", node: Node, place: Place) -> Duty:
    """Return whose work a node is. What an expression does not give stays open."""
    attributes = node.attributes
    limit = attributes.limit
    if not (attributes.role or limit or node.department or node.assignee or attributes.act):
        return NOBODY
    due = None
    if limit is not None:
        due = (
            limit.amount
            if limit.unit is LimitUnit.WORKDAY
            else play.world.now + limit.amount * _SPANS[limit.unit]
        )
    department = play.value(node.department, place) if node.department else ""
    assignee = play.value(node.assignee, place) if node.assignee else ""
    return Duty(
        attributes.role,
        department if isinstance(department, str) else "",
        assignee if isinstance(assignee, str) else "",
        due,
        attributes.act,
    )


def plain(value: object) -> object:
    """Return a value of FEEL as JSON has it: dates become texts, whole numbers integers."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return json.loads(to_json(value))
