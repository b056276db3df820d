"""The two small machines of a case: its legal, public stage, and the step that has it inside.

What is not listed in ``MOVES`` cannot happen. Stages and acts as in the Administrative Licensing
Law, articles 29 to 44.
"""

from collections.abc import Collection
from enum import StrEnum


class Stage(StrEnum):
    """The legal state of a case, shown to everyone concerned."""

    SUBMITTED = "submitted"  # 已提交
    CORRECTING = "correcting"  # 待补正
    ACCEPTED = "accepted"  # 已受理
    NOT_ACCEPTED = "not_accepted"  # 不予受理
    WITHDRAWN = "withdrawn"  # 已撤回
    DEEMED_WITHDRAWN = "deemed_withdrawn"  # 视为撤回
    GRANTED = "granted"  # 准予
    REFUSED = "refused"  # 不予许可
    DELIVERED = "delivered"  # 已送达
    CLOSED = "closed"  # 已归档

    @property
    def word(self) -> str:
        """What it is called, as a key of the message catalogues."""
        return _STAGES[self]


class Step(StrEnum):
    """Who inside the department has an accepted case."""

    HANDLING = "handling"  # 承办
    REVIEWING = "reviewing"  # 审核
    APPROVING = "approving"  # 批准
    ELSEWHERE = "elsewhere"  # At another step that its process names.

    @property
    def word(self) -> str:
        return _STEPS[self]


class Desk(StrEnum):
    """Whose desk a case lies on: the worklist it stands in."""

    INTAKE = "intake"
    APPLICANT = "applicant"
    HANDLING = "handling"
    REVIEWING = "reviewing"
    APPROVING = "approving"
    ELSEWHERE = "elsewhere"
    DELIVERY = "delivery"
    NONE = "none"

    @property
    def word(self) -> str:
        return _DESK_WORDS[self]


class Act(StrEnum):
    """Everything that can be done to a case."""

    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    REQUEST_CORRECTION = "request_correction"
    CORRECT = "correct"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    DEEM_WITHDRAWN = "deem_withdrawn"
    REVIEW = "review"
    SEND_BACK = "send_back"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    GRANT = "grant"
    REFUSE = "refuse"
    DELIVER = "deliver"
    CLOSE = "close"

    @property
    def word(self) -> str:
        return _ACTS[self]


MOVES: dict[Stage, dict[Act, Stage]] = {
    Stage.SUBMITTED: {
        Act.ACCEPT: Stage.ACCEPTED,
        Act.DEEM_ACCEPTED: Stage.ACCEPTED,
        Act.REQUEST_CORRECTION: Stage.CORRECTING,
        Act.DECLINE: Stage.NOT_ACCEPTED,
        Act.WITHDRAW: Stage.WITHDRAWN,
    },
    Stage.CORRECTING: {
        Act.CORRECT: Stage.SUBMITTED,
        Act.WITHDRAW: Stage.WITHDRAWN,
        Act.DEEM_WITHDRAWN: Stage.DEEMED_WITHDRAWN,
    },
    Stage.ACCEPTED: {
        Act.REVIEW: Stage.ACCEPTED,
        Act.SEND_BACK: Stage.ACCEPTED,
        Act.EXTEND: Stage.ACCEPTED,
        Act.PAUSE: Stage.ACCEPTED,
        Act.RESUME: Stage.ACCEPTED,
        Act.GRANT: Stage.GRANTED,
        Act.REFUSE: Stage.REFUSED,
        Act.WITHDRAW: Stage.WITHDRAWN,
    },
    Stage.GRANTED: {Act.DELIVER: Stage.DELIVERED},
    Stage.REFUSED: {Act.DELIVER: Stage.DELIVERED},
    Stage.DELIVERED: {Act.CLOSE: Stage.CLOSED},
    Stage.NOT_ACCEPTED: {},
    Stage.WITHDRAWN: {},
    Stage.DEEMED_WITHDRAWN: {},
    Stage.CLOSED: {},
}

# Where a case runs on a process, the process says which step follows; these are the steps of the
# cases that are older than that.
# An instant item (即办件) is decided by whoever handles it; every other one passes all three steps.
STEPS: dict[Step, dict[Act, Step]] = {
    Step.HANDLING: {Act.REVIEW: Step.REVIEWING},
    Step.REVIEWING: {Act.REVIEW: Step.APPROVING, Act.SEND_BACK: Step.HANDLING},
    Step.APPROVING: {Act.SEND_BACK: Step.HANDLING},
    Step.ELSEWHERE: {},
}

ENDED = frozenset(stage for stage, moves in MOVES.items() if not moves)
DECIDED = frozenset({Stage.GRANTED, Stage.REFUSED, Stage.DELIVERED, Stage.CLOSED})

_DESKS = {
    Stage.SUBMITTED: Desk.INTAKE,
    Stage.CORRECTING: Desk.APPLICANT,
    Stage.GRANTED: Desk.DELIVERY,
    Stage.REFUSED: Desk.DELIVERY,
}


# The acts by which a process has a case at one of the three steps (``tongban:act``).
HANDLE, REVIEW, DECIDE = "handle", "review", "decide"
ACCEPT, CORRECT, DELIVER = "accept", "correct", "deliver"


def step_at(acts: Collection[str], *, instant: bool) -> Step:
    """Return the step of an accepted case whose process waits for these acts."""
    if HANDLE in acts:
        return Step.HANDLING
    if REVIEW in acts:
        return Step.REVIEWING
    if DECIDE in acts:
        return Step.HANDLING if instant else Step.APPROVING
    return Step.ELSEWHERE


def act_at(step: Step | None) -> str:
    """Return the act of the process that an opinion at a step completes."""
    return HANDLE if step is Step.HANDLING else REVIEW


def desk_of(stage: Stage, step: Step | None) -> Desk:
    """Return whose desk a case in this stage and step lies on."""
    return Desk(step) if step else _DESKS.get(stage, Desk.NONE)


_STAGES = {
    Stage.SUBMITTED: "已提交",
    Stage.CORRECTING: "待补正",
    Stage.ACCEPTED: "已受理",
    Stage.NOT_ACCEPTED: "不予受理",
    Stage.WITHDRAWN: "已撤回",
    Stage.DEEMED_WITHDRAWN: "视为撤回",
    Stage.GRANTED: "准予",
    Stage.REFUSED: "不予许可",
    Stage.DELIVERED: "已送达",
    Stage.CLOSED: "已归档",
}
_STEPS = {
    Step.HANDLING: "承办",
    Step.REVIEWING: "审核",
    Step.APPROVING: "批准",
    Step.ELSEWHERE: "流程环节",
}
_DESK_WORDS = {
    Desk.INTAKE: "待受理",
    Desk.APPLICANT: "等待申请人补正",
    Desk.HANDLING: "待承办",
    Desk.REVIEWING: "待审核",
    Desk.APPROVING: "待批准",
    Desk.ELSEWHERE: "流程办理中",
    Desk.DELIVERY: "待送达",
    Desk.NONE: "已办完",
}
_ACTS = {
    Act.ACCEPT: "受理",
    Act.DEEM_ACCEPTED: "视为受理",
    Act.REQUEST_CORRECTION: "一次性告知补正",
    Act.CORRECT: "补正",
    Act.DECLINE: "不予受理",
    Act.WITHDRAW: "撤回",
    Act.DEEM_WITHDRAWN: "视为撤回",
    Act.REVIEW: "提出意见",
    Act.SEND_BACK: "退回上一环节",
    Act.EXTEND: "延长期限",
    Act.PAUSE: "进入特别程序",
    Act.RESUME: "结束特别程序",
    Act.GRANT: "准予",
    Act.REFUSE: "不予许可",
    Act.DELIVER: "送达",
    Act.CLOSE: "归档",
}
