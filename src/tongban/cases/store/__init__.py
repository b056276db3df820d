"""How cases are kept. Used by the commands of this module and by nobody else."""

from tongban.cases.store.case import hold, keep_private, move, reckon, touch
from tongban.cases.store.counted import Changed, Counted, count_again, to_count_again
from tongban.cases.store.draft import (
    begin_draft,
    delete_draft,
    forget_drafts,
    keep_draft,
    lately_submitted,
    locked_draft,
    new_serial,
    open_case,
    take_draft,
)
from tongban.cases.store.parts import (
    add_opinion,
    add_step_opinion,
    ask_for_materials,
    begin_pause,
    check_materials,
    end_pause,
    extend_clocks,
    give_materials,
    see_originals,
)
from tongban.cases.store.ruled import add_risk, keep_instant, keep_scenario

__all__ = [
    "Changed",
    "Counted",
    "add_opinion",
    "add_risk",
    "add_step_opinion",
    "ask_for_materials",
    "begin_draft",
    "begin_pause",
    "check_materials",
    "count_again",
    "delete_draft",
    "end_pause",
    "extend_clocks",
    "forget_drafts",
    "give_materials",
    "hold",
    "keep_draft",
    "keep_instant",
    "keep_private",
    "keep_scenario",
    "lately_submitted",
    "locked_draft",
    "move",
    "new_serial",
    "open_case",
    "reckon",
    "see_originals",
    "take_draft",
    "to_count_again",
    "touch",
]
