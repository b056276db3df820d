"""How instances and definitions are kept. Private to the module."""

from tongban.process.store.definition import (
    entries,
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
from tongban.process.store.migration import (
    MigrationLine,
    hold_migration,
    instances_of,
    migrated_keys,
    migration,
    migration_problems,
    migrations,
    open_many,
    standing_of,
)
from tongban.process.store.moving import (
    count_lines,
    note_problems,
    note_stayed,
    place_tokens,
    put_back,
    remember_before,
    unmoved,
)
from tongban.process.store.rows import BLOCK, Book, RowWorld, encoded, hold_whole
from tongban.process.store.whole import Whole, hold_instance
from tongban.process.store.write import Note

__all__ = [
    "BLOCK",
    "Book",
    "MigrationLine",
    "Note",
    "RowWorld",
    "Whole",
    "alarms_of",
    "count_lines",
    "encoded",
    "entries",
    "fail_job",
    "give_up_alarm",
    "graph",
    "hand_to",
    "hold_instance",
    "hold_migration",
    "hold_whole",
    "in_force",
    "instances_of",
    "line",
    "listening",
    "mark_helped",
    "migrated_keys",
    "migration",
    "migration_problems",
    "migrations",
    "note_problems",
    "note_stayed",
    "number_of",
    "open_many",
    "place_tokens",
    "put_back",
    "remember",
    "remember_before",
    "set_state",
    "standing_of",
    "still_listening",
    "take_due",
    "take_due_whole",
    "unmoved",
]
