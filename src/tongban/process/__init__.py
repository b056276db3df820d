"""The process engine: BPMN 2.0 definitions, compiled to graphs; what is published is what runs.

- A definition is read as the standard has it; what is not executed is said when it is loaded.
- Conditions, mappings, assignments and timers are FEEL; nothing of Python is in a definition.
- A compiled graph never changes; ``hash`` names its content.
- An instance is rows. A step locks its own token; parallel branches meet only where
  they join.
- The same plays run over rows and over memory: the same schedule has the same history.
- Each act is permitted, checked, carried out and written to the history in one transaction.
"""

from tongban.process.commands import (
    OWN_NUMBERS_BELOW,
    BadMapping,
    DryRun,
    Following,
    MigrationUnderWay,
    New,
    NobodyListens,
    NoSuchMigration,
    NoSuchTimer,
    NotTheSameProcess,
    NotYours,
    Refused,
    ServiceError,
    SeveralListen,
    TooLateToTakeBack,
    Troubled,
    WrongState,
    add_helper,
    assign,
    begin,
    begin_draft,
    cancel,
    claim,
    comment_draft,
    complete,
    complete_act,
    complete_many,
    decide_with,
    delegate,
    do_service,
    dry_run,
    end,
    go_on_migrating,
    judged,
    look_into,
    main_process,
    message,
    migrate,
    operation,
    propose_migration,
    publish,
    publish_draft,
    release,
    resume,
    retry,
    retry_many,
    return_draft,
    revert,
    ring_again,
    ring_due,
    save_draft,
    send_back,
    signal,
    skip,
    start,
    start_many,
    submit_draft,
    suspend,
    take_back,
    withdraw_draft,
    withdraw_helper,
)
from tongban.process.model.attributes import (
    NAMESPACE,
    Attributes,
    Formula,
    SpecialProcedure,
    StepLimit,
)
from tongban.process.model.back import NotEarlier
from tongban.process.model.beginning import first_process
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
from tongban.process.model.compare import Change, Comparison, compare
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
from tongban.process.model.draft import (
    DRAFT_STATES,
    OPEN_STATES,
    REMARK_NAMES,
    Draft,
    DraftChanged,
    DraftOpen,
    DraftState,
    NoSuchDraft,
    NotSound,
    OwnDraft,
    Remark,
    SameAsPublished,
    WrongDraftState,
)
from tongban.process.model.drawing import (
    BADGES,
    MARK_NAMES,
    Chart,
    Step,
    chart,
    outline,
    with_diagram,
)
from tongban.process.model.experience import Experience
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
    DefinitionLine,
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
from tongban.process.model.migration import Because, Pair
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
from tongban.process.model.situation import (
    InstanceLine,
    Listening,
    Situation,
    TimerLine,
    Waiting,
    masked,
    situation_marks,
)
from tongban.process.model.times import Cycle, Period, parse_cycle, parse_moment, parse_period
from tongban.process.queries import (
    Asked,
    HistoryLine,
    ProcessLine,
    Published,
    Unmoved,
    all_values,
    by_number,
    draft,
    draft_of,
    experience,
    failed_tasks,
    history,
    instances,
    items,
    latest,
    next_timers,
    overdue_items,
    processes,
    published,
    remarks,
    seen,
    situation,
    situation_at,
    stopped_timers,
    unmoved,
    versions,
)
from tongban.process.store import MigrationLine, in_force, migration, migration_problems, migrations
from tongban.process.store.standing import (
    Standing,
    item_for,
    open_item,
    standing,
    steps,
    variables,
    waiting_count,
    worklist,
)

__all__ = [
    "BADGES", "DRAFT_STATES", "KIND_NAMES", "MARK_NAMES", "NAMESPACE", "NONE", "OPEN_STATES",
    "OWN_NUMBERS_BELOW", "REMARK_NAMES", "SEVERITY_NAMES", "SPECIAL_NAMES", "SPREADS", "UNIT_NAMES",
    "AlreadyStarted", "Asked", "Assignment", "Assumptions", "Attributes", "BadMapping", "Because",
    "Change", "Chart", "Comparison", "Compilation", "Content", "Cycle", "Definition",
    "DefinitionLine", "Draft", "DraftChanged", "DraftOpen", "DraftState", "DryRun", "Duration",
    "Event", "EventKind", "Experience", "Faulty", "Finding", "FindingKind", "Flow", "Following",
    "Formula", "Graph", "HistoryLine", "Instance", "InstanceLine", "InstanceState", "ItemKey",
    "Key", "Lane", "LimitUnit", "Listening", "Loop", "Mapping", "MigrationLine",
    "MigrationUnderWay", "Multi", "MultiInstance", "New", "NoSuchDefinition", "NoSuchDraft",
    "NoSuchInstance", "NoSuchItem", "NoSuchMigration", "NoSuchTimer", "NobodyListens", "Node",
    "NodeKind", "NotEarlier", "NotRunning", "NotSound", "NotTheSameProcess", "NotYours", "Outcome",
    "OwnDraft", "Pair", "Participant", "Period", "Problem", "Process", "ProcessLine", "Published",
    "Refused", "Remark", "Report", "RoleLoad", "SameAsPublished", "SameHand", "Scope",
    "ServiceError", "SeveralListen", "Severity", "Situation", "Special", "SpecialProcedure",
    "StandardLoop", "Standing", "Step", "StepLimit", "StepLoad", "StillHelped", "TakenByAnother",
    "Timer", "TimerKind", "TimerLine", "TooLateToTakeBack", "Troubled", "Unmoved", "Unreadable",
    "Waiting", "WrongDraftState", "WrongState", "add_helper", "all_values", "assign", "begin",
    "begin_draft", "by_number", "cancel", "chart", "check", "claim", "comment_draft", "compare",
    "compiled", "complete", "complete_act", "complete_many", "decide_with", "delegate",
    "do_service", "draft", "draft_of", "dry_run", "end", "examine", "experience", "failed_tasks",
    "first_process", "go_on_migrating", "history", "in_force", "instances", "item_for", "items",
    "judged", "latest", "look_into", "main_process", "masked", "message", "migrate", "migration",
    "migration_problems", "migrations", "next_timers", "open_item", "operation", "outline",
    "overdue_items", "parse_cycle", "parse_moment", "parse_period", "picture", "processes",
    "propose_migration", "publish", "publish_draft", "published", "read", "read_assumptions",
    "read_item_key", "read_key", "release", "remarks", "resume", "retry", "retry_many",
    "return_draft", "revert", "ring_again", "ring_due", "save_draft", "seen", "send_back", "signal",
    "simulate", "simulation_rows", "simulation_told", "situation", "situation_at",
    "situation_marks", "skip", "standing", "start", "start_many", "steps", "stopped_timers",
    "stored", "submit_draft", "suspend", "take_back", "the_process", "unmoved", "variables",
    "versions", "waiting_count", "with_diagram", "withdraw_draft", "withdraw_helper", "worklist",
    "write",
]  # fmt: skip
