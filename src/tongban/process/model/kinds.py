"""The words of BPMN 2.0.2 that the engine knows, by the names they have in the standard's XML."""

from enum import StrEnum


class NodeKind(StrEnum):
    """A flow node; the value is its element in the file."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    TASK = "task"
    USER = "userTask"
    MANUAL = "manualTask"
    SERVICE = "serviceTask"
    BUSINESS_RULE = "businessRuleTask"
    SEND = "sendTask"
    RECEIVE = "receiveTask"
    SCRIPT = "scriptTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    SUB_PROCESS = "subProcess"
    CALL = "callActivity"
    # Read, shown and written back, but not executed.
    COMPLEX = "complexGateway"
    AD_HOC = "adHocSubProcess"
    TRANSACTION = "transaction"


GATEWAYS = frozenset(
    {
        NodeKind.EXCLUSIVE,
        NodeKind.PARALLEL,
        NodeKind.INCLUSIVE,
        NodeKind.EVENT_BASED,
        NodeKind.COMPLEX,
    }
)
EVENTS = frozenset(
    {NodeKind.START, NodeKind.END, NodeKind.CATCH, NodeKind.THROW, NodeKind.BOUNDARY}
)
SUB_PROCESSES = frozenset({NodeKind.SUB_PROCESS, NodeKind.AD_HOC, NodeKind.TRANSACTION})
ACTIVITIES = frozenset(NodeKind) - GATEWAYS - EVENTS
TASKS = ACTIVITIES - SUB_PROCESSES - {NodeKind.CALL}
WAITING_TASKS = frozenset({NodeKind.USER, NodeKind.MANUAL, NodeKind.RECEIVE})
"""Tasks at which a case waits for a person or a message; the others are done by the engine."""


class EventKind(StrEnum):
    """What an event waits for or throws; the value is its definition's element, without suffix."""

    NONE = "none"
    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    TERMINATE = "terminate"
    LINK = "link"
    # Read, shown and written back, but not executed.
    CONDITIONAL = "conditional"
    COMPENSATION = "compensate"
    CANCEL = "cancel"
    MULTIPLE = "multiple"


NOT_EXECUTED_EVENTS = frozenset(
    {EventKind.CONDITIONAL, EventKind.COMPENSATION, EventKind.CANCEL, EventKind.MULTIPLE}
)


class TimerKind(StrEnum):
    """How a timer says when; the value is the element, or our attribute."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"
    WORKDAYS = "workdays"


class Special(StrEnum):
    """A special procedure (特别程序), whose time the law does not count (行政许可法, art. 45)."""

    HEARING = "hearing"
    BIDDING = "bidding"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expertReview"
    # Added by local law.
    SITE_VISIT = "siteVisit"
    TECHNICAL_REVIEW = "technicalReview"
    PUBLICATION = "publication"


SPECIAL_NAMES = {
    Special.HEARING: "听证",
    Special.BIDDING: "招标",
    Special.AUCTION: "拍卖",
    Special.INSPECTION: "检验",
    Special.TESTING: "检测",
    Special.QUARANTINE: "检疫",
    Special.APPRAISAL: "鉴定",
    Special.EXPERT_REVIEW: "专家评审",
    Special.SITE_VISIT: "现场踏勘",
    Special.TECHNICAL_REVIEW: "技术审查",
    Special.PUBLICATION: "公示",
}


class LimitUnit(StrEnum):
    """The unit of a step's limit."""

    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"


UNIT_NAMES = {
    LimitUnit.WORKDAY: "个工作日",
    LimitUnit.DAY: "自然日",
    LimitUnit.HOUR: "小时",
    LimitUnit.MINUTE: "分钟",
}
