"""The desks of the workbench, and who works at them."""

from tongban import cases, process
from tongban.cases import Desk
from tongban.foundation.work import Work

DESKS = {
    Desk.HANDLING: "cases.review",
    Desk.REVIEWING: "cases.review",
    Desk.APPROVING: "cases.decide",
}


def desks(work: Work) -> list[Desk]:
    """Return the desks at which the officer works; all of them for one who only reads."""
    found = [desk for desk, permission in DESKS.items() if work.actor.may(permission)]
    return found or list(DESKS)


def step_count(work: Work) -> int | None:
    """Return how many other steps wait for the officer; None for one who only reads."""
    return process.waiting_count(work) if work.actor.may("process.work") else None


def desk_counts(work: Work) -> dict[Desk, int]:
    """Return how many cases lie on each of the officer's desks."""
    return cases.worklist_counts(work, desks=desks(work))
