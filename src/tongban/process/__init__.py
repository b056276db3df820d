"""The process engine: BPMN 2.0 definitions, compiled to graphs; what is published is what runs.

- A definition is read as the standard has it; what is not executed is said when it is loaded.
- Conditions, mappings, assignments and timers are FEEL; nothing of Python is in a definition.
- A compiled graph never changes; ``hash`` names its content.
"""

from tongban.process.model.attributes import (
    NAMESPACE,
    Attributes,
    Formula,
    SpecialProcedure,
    StepLimit,
)
from tongban.process.model.bpmn.read import read
from tongban.process.model.bpmn.write import stored, write
from tongban.process.model.checking import (
    KIND_NAMES,
    SEVERITY_NAMES,
    Finding,
    FindingKind,
    Report,
    check,
)
from tongban.process.model.compile import Compilation, compiled, examine, the_process
from tongban.process.model.definition import (
    Content,
    Definition,
    Lane,
    Mapping,
    MultiInstance,
    Participant,
    Process,
    StandardLoop,
)
from tongban.process.model.drawing import MARK_NAMES, Chart, Step, chart, outline, with_diagram
from tongban.process.model.graph import (
    NONE,
    Assignment,
    Event,
    Flow,
    Graph,
    Loop,
    Multi,
    Node,
    Scope,
    Timer,
)
from tongban.process.model.kinds import (
    SPECIAL_NAMES,
    UNIT_NAMES,
    EventKind,
    LimitUnit,
    NodeKind,
    Special,
    TimerKind,
)
from tongban.process.model.problems import Faulty, Problem, Severity, Unreadable
from tongban.process.model.simulation import (
    SPREADS,
    Assumptions,
    Duration,
    Outcome,
    RoleLoad,
    StepLoad,
    picture,
    read_assumptions,
    simulate,
)
from tongban.process.model.simulation import rows as simulation_rows
from tongban.process.model.simulation import told as simulation_told
from tongban.process.model.times import Cycle, Period, parse_cycle, parse_moment, parse_period

__all__ = [
    "KIND_NAMES",
    "MARK_NAMES",
    "NAMESPACE",
    "NONE",
    "SEVERITY_NAMES",
    "SPECIAL_NAMES",
    "SPREADS",
    "UNIT_NAMES",
    "Assignment",
    "Assumptions",
    "Attributes",
    "Chart",
    "Compilation",
    "Content",
    "Cycle",
    "Definition",
    "Duration",
    "Event",
    "EventKind",
    "Faulty",
    "Finding",
    "FindingKind",
    "Flow",
    "Formula",
    "Graph",
    "Lane",
    "LimitUnit",
    "Loop",
    "Mapping",
    "Multi",
    "MultiInstance",
    "Node",
    "NodeKind",
    "Outcome",
    "Participant",
    "Period",
    "Problem",
    "Process",
    "Report",
    "RoleLoad",
    "Scope",
    "Severity",
    "Special",
    "SpecialProcedure",
    "StandardLoop",
    "Step",
    "StepLimit",
    "StepLoad",
    "Timer",
    "TimerKind",
    "Unreadable",
    "chart",
    "check",
    "compiled",
    "examine",
    "outline",
    "parse_cycle",
    "parse_moment",
    "parse_period",
    "picture",
    "read",
    "read_assumptions",
    "simulate",
    "simulation_rows",
    "simulation_told",
    "stored",
    "the_process",
    "with_diagram",
    "write",
]
