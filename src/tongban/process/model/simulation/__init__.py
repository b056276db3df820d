"""What would happen: cases run through a process by assumptions, before anybody is bothered."""

from tongban.process.model.simulation.assumptions import (
    SPREADS,
    Assumptions,
    Duration,
    read_assumptions,
)
from tongban.process.model.simulation.outcome import Outcome, RoleLoad, StepLoad
from tongban.process.model.simulation.picture import picture
from tongban.process.model.simulation.report import rows, told
from tongban.process.model.simulation.run import simulate

__all__ = [
    "SPREADS",
    "Assumptions",
    "Duration",
    "Outcome",
    "RoleLoad",
    "StepLoad",
    "picture",
    "read_assumptions",
    "rows",
    "simulate",
    "told",
]
