"""How a service is changed: draft, review, approved, scheduled, published, withdrawn. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tongban.catalogue.model.item import Item
from tongban.foundation.errors import Conflict, Forbidden, NotFound


class State(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            "draft": "草稿",
            "review": "待审核",
            "approved": "审核通过",
            "scheduled": "待生效",
            "published": "已发布",
            "withdrawn": "已撤回",
        }[self]


# Which states each act may begin in; every other one is refused.
MOVES: dict[str, frozenset[State]] = {
    "save": frozenset({State.DRAFT}),
    "submit": frozenset({State.DRAFT}),
    "review": frozenset({State.REVIEW}),
    "publish": frozenset({State.APPROVED}),
    "take_up": frozenset({State.SCHEDULED}),
    "withdraw": frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.SCHEDULED}),
    "comment": frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.SCHEDULED}),
}
OPEN = MOVES["withdraw"]


class NoSuchDraft(NotFound):
    message = "没有这份草稿，它可能已被撤回，请从列表重新打开"


class WrongState(Conflict):
    message = "这份草稿现在是“{state}”，不能这样办"


class DraftChanged(Conflict):
    message = "{name}在您之后改过这份草稿（第{revision}稿），您写的还在页面上，请核对后再保存"


class OwnDraft(Forbidden):
    message = "自己写的内容不能自己审核或者发布，请由另一位有权限的人办理"


class DraftOutdated(Conflict):
    message = "草稿开始于第{based_on}版，现在已发布第{version}版，请先对照新版修改"


@dataclass(frozen=True, slots=True)
class Comment:
    field: str
    text: str
    author_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of an item that is not in force yet.

    ``based_on`` is the published version that it began with (0: a new service), ``revision``
    counts its savings, ``authors`` are the ids of all who wrote in it.
    """

    id: str
    item: Item
    based_on: int
    state: State
    revision: int
    authors: tuple[str, ...]
    changed_name: str
    changed_at: datetime
    change_note: str = ""
    reviewer_name: str = ""
    effective_from: date | None = None
    published_version: int | None = None
    reason: str = ""

    def must_allow(self, act: str) -> None:
        """Refuse an act that this state does not know.

        :raises WrongState: naming the state.
        """
        if self.state not in MOVES[act]:
            raise WrongState(state=self.state.label)

    def must_be_of_another(self, actor: str) -> None:
        """Keep four eyes: whoever wrote in it neither reviews nor publishes it.

        :raises OwnDraft: for one of its authors.
        """
        if actor in self.authors:
            raise OwnDraft(permission="catalogue.review")
