"""The small signs of BPMN inside tasks, events and gateways, as SVG paths. Pure.

Each is drawn on a square of 20 by 20 around (0, 0). ``sign`` lines are hollow in catching events
and filled in throwing ones, by their class.
"""

from collections.abc import Mapping

from tongban.process.model.kinds import EventKind, NodeKind

EVENTS: Mapping[EventKind, str] = {
    EventKind.MESSAGE: "M-9-6h18v12h-18z M-9-6l9 7 9-7",
    EventKind.TIMER: "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0 M0-6v6l4 3",
    EventKind.SIGNAL: "M0-8l9 14h-18z",
    EventKind.ERROR: "M-8 8l5-15 5 8 6-9-5 15-5-8z",
    EventKind.ESCALATION: "M0-9l7 17-7-7-7 7z",
    EventKind.LINK: "M-9-3h10v-5l8 8-8 8v-5h-10z",
    EventKind.TERMINATE: "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0",
    EventKind.CONDITIONAL: "M-7-8h14v16h-14z M-4-4h8 M-4 0h8 M-4 4h8",
    EventKind.COMPENSATION: "M0-6v12l-8-6z M8-6v12l-8-6z",
    EventKind.CANCEL: "M-7-5l2-2 5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5z",
    EventKind.MULTIPLE: "M0-9l9 6-4 10h-10l-4-10z",
}
GATEWAYS: Mapping[NodeKind, str] = {
    NodeKind.EXCLUSIVE: "M-6-7l12 14 M6-7l-12 14",
    NodeKind.PARALLEL: "M0-9v18 M-9 0h18",
    NodeKind.INCLUSIVE: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0",
    NodeKind.EVENT_BASED: "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0 M0-6l6 4-2 7h-8l-2-7z",
    NodeKind.COMPLEX: "M0-9v18 M-9 0h18 M-6-6l12 12 M6-6l-12 12",
}
TASKS: Mapping[NodeKind, str] = {
    NodeKind.USER: "M-3-4a3 3 0 1 0 6 0a3 3 0 1 0-6 0 M-7 8a7 7 0 0 1 14 0z",
    NodeKind.SERVICE: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0 M0-8v4 M0 4v4 M-8 0h4 M4 0h4 M-6-6l3 3 "
    "M3 3l3 3 M6-6l-3 3 M-3 3l-3 3",
    NodeKind.BUSINESS_RULE: "M-8-6h16v12h-16z M-8-2h16 M-3-6v12",
    NodeKind.SCRIPT: "M-5-8h10v16h-10z M-2-4h4 M-2 0h4 M-2 4h4",
    NodeKind.SEND: "M-8-5h16v10h-16z M-8-5l8 6 8-6",
    NodeKind.RECEIVE: "M-8-5h16v10h-16z M-8-5l8 6 8-6",
    NodeKind.MANUAL: "M-7 6v-7l3-5h2v5h8v2h-6 M1 0h6v2h-6 M1 3h5v2h-5 M-7 6h11",
    NodeKind.CALL: "M-6-6h12v12h-12z M0-3v6 M-3 0h6",
}
PARALLEL_MANY = "M-4-5v10 M0-5v10 M4-5v10"
SEQUENTIAL_MANY = "M-5-4h10 M-5 0h10 M-5 4h10"
LOOP = "M4 3a5 5 0 1 0-4 3 M0 2v5h-4"
COLLAPSED = "M-6-6h12v12h-12z M0-4v8 M-4 0h8"

MARK_NAMES = {
    "current": "正在这里",
    "done": "已办完",
    "late": "已超期",
    "error": "有错",
    "warning": "请留意",
    "added": "新增",
    "removed": "删去",
    "changed": "有改动",
    "risk": "廉政风险点",
}
# A mark is seen by its sign, too: colour alone says nothing to many people.
BADGES: Mapping[str, str] = {
    "current": "M-3-4.5l7.5 4.5-7.5 4.5z",
    "done": "M-4.5 0l3.2 3.5 6-7",
    "late": "M0-5v6 M0 4.5v.5",
    "error": "M0-5v6 M0 4.5v.5",
    "warning": "M0-5v6 M0 4.5v.5",
    "added": "M0-5v10 M-5 0h10",
    "removed": "M-5 0h10",
    "changed": "M-5 1.5q2.5-4.5 5-1.5t5-1.5",
    "risk": "M-3.5 5.5v-11h8l-2.5 3 2.5 3h-8",
}
