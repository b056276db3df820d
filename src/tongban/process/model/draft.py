"""A process that is being drawn: its states, and what may be done in each. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tongban.foundation.errors import Conflict, Forbidden, NotFound

NOTE_MAX = 2000


class NoSuchDraft(NotFound):
    message = "没有这份流程草稿，它可能已被撤回，请从列表重新打开"


class WrongDraftState(Conflict):
    message = "这份流程草稿现在是“{state}”，不能这样办"


class DraftChanged(Conflict):
    message = "{name}在您之后改过这份流程草稿（第{revision}稿），您画的还在页面上，请核对后再保存"


class DraftOpen(Conflict):
    message = "流程“{process}”已有一份草稿，请在那份草稿上修改"


class OwnDraft(Forbidden):
    message = "自己画过的流程不能自己发布或退回，请由另一位有发布权限的人办理"


class NotSound(Conflict):
    message = "检查发现 {count} 处错误，改正后才能提交或发布"


class SameAsPublished(Conflict):
    message = "与已发布的第{version}版执行起来完全相同，没有可发布的改动"


class DraftState(StrEnum):
    """How far a draft has come."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


DRAFT_STATES = {
    DraftState.DRAFT: "草稿",
    DraftState.REVIEW: "待审查",
    DraftState.PUBLISHED: "已发布",
    DraftState.WITHDRAWN: "已撤回",
}
OPEN_STATES = (DraftState.DRAFT, DraftState.REVIEW)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with its text. ``version`` is that under which it was published, 0 before."""

    id: UUID
    process: str
    name: str
    department: str
    region: str
    bpmn: str
    note: str
    state: DraftState
    revision: int
    based_on: int
    version: int
    authors: tuple[str, ...]
    changed_name: str
    changed_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", DraftState(self.state))
        object.__setattr__(self, "authors", tuple(self.authors))

    def must_be(self, *states: DraftState) -> None:
        """Refuse unless the draft is in one of these states (WrongDraftState)."""
        if self.state not in states:
            raise WrongDraftState(state=DRAFT_STATES[self.state])

    def must_be_of_another(self, actor: str) -> None:
        """Keep four eyes: whoever drew in it neither publishes it nor sends it back (OwnDraft)."""
        if actor in self.authors:
            raise OwnDraft(permission="process.publish")


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody did with a draft, with what they said."""

    act: str
    text: str
    by_name: str
    at: datetime


REMARK_NAMES = {
    "begin": "开始起草",
    "submit": "提交审查",
    "comment": "意见",
    "return": "退回修改",
    "publish": "发布",
    "withdraw": "撤回草稿",
}
