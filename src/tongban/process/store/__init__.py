"""How instances and definitions are kept. Private to the module."""

from tongban.process.store.definition import (
    entry,
    graph,
    in_force,
    line,
    number_of,
    remember,
)
from tongban.process.store.due import (
    alarms_of,
    give_up_alarm,
    listening,
    still_listening,
    take_due,
    take_due_whole,
)
from tongban.process.store.hands import fail_job, hand_to, mark_helped, set_state
from tongban.process.store.rows import BLOCK, Book, RowWorld, encoded, hold_whole
from tongban.process.store.whole import Whole, hold_instance
from tongban.process.store.write import Note

__all__ = [
    "BLOCK",
    "Book",
    "Note",
    "RowWorld",
    "Whole",
    "alarms_of",
    "encoded",
    "entry",
    "fail_job",
    "give_up_alarm",
    "graph",
    "hand_to",
    "hold_instance",
    "hold_whole",
    "in_force",
    "line",
    "listening",
    "mark_helped",
    "number_of",
    "remember",
    "set_state",
    "still_listening",
    "take_due",
    "take_due_whole",
]
