"""The process engine: BPMN 2.0 definitions, compiled to graphs; what is published is what runs.

- A definition is read as the standard has it; what is not executed is said when it is loaded.
- Conditions, mappings, assignments and timers are FEEL; nothing of Python is in a definition.
- A compiled graph never changes; ``hash`` names its content.
- An instance is rows. A step locks its own token; parallel branches meet only at the rows where
they join.
- The same plays run over rows and over memory: the same schedule has the same history.
- Each act is permitted, checked, carried out and written to the history in one transaction.
"""

from tongban.process.commands import (
    Following,
    New,
    Refused,
    complete,
    complete_many,
    decide_with,
    publish,
    start,
    start_many,
)
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
from tongban.process.model.instance import (
    AlreadyStarted,
    Instance,
    InstanceState,
    ItemKey,
    Key,
    NoSuchDefinition,
    NoSuchInstance,
    NoSuchItem,
    NotRunning,
    SameHand,
    StillHelped,
    TakenByAnother,
    read_item_key,
    read_key,
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
from tongban.process.model.times import Cycle, Period, parse_cycle, parse_moment, parse_period
from tongban.process.store import (
    DefinitionLine,
)

__all__ = [
    "KIND_NAMES",
    "NAMESPACE",
    "NONE",
    "SEVERITY_NAMES",
    "SPECIAL_NAMES",
    "UNIT_NAMES",
    "AlreadyStarted",
    "Assignment",
    "Attributes",
    "Compilation",
    "Content",
    "Cycle",
    "Definition",
    "DefinitionLine",
    "Event",
    "EventKind",
    "Faulty",
    "Finding",
    "FindingKind",
    "Flow",
    "Following",
    "Formula",
    "Graph",
    "Instance",
    "InstanceState",
    "ItemKey",
    "Key",
    "Lane",
    "LimitUnit",
    "Loop",
    "Mapping",
    "Multi",
    "MultiInstance",
    "New",
    "NoSuchDefinition",
    "NoSuchInstance",
    "NoSuchItem",
    "Node",
    "NodeKind",
    "NotRunning",
    "Participant",
    "Period",
    "Problem",
    "Process",
    "Refused",
    "Report",
    "SameHand",
    "Scope",
    "Severity",
    "Special",
    "SpecialProcedure",
    "StandardLoop",
    "StepLimit",
    "StillHelped",
    "TakenByAnother",
    "Timer",
    "TimerKind",
    "Unreadable",
    "check",
    "compiled",
    "complete",
    "complete_many",
    "decide_with",
    "examine",
    "parse_cycle",
    "parse_moment",
    "parse_period",
    "publish",
    "read",
    "read_item_key",
    "read_key",
    "start",
    "start_many",
    "stored",
    "the_process",
    "write",
]
