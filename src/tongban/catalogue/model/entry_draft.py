"""How an entry of a list is changed: draft, review, published or withdrawn. Pure."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from tongban.catalogue.model.compare import change_of
from tongban.catalogue.model.draft import MOVES, OwnDraft, State, WrongState
from tongban.catalogue.model.entry import Entry
from tongban.foundation.errors import Problem

_LABELS = {
    "name": "名称", "kind": "类型", "access": "准入", "source": "权力来源", "levels": "行使层级",
    "base_code": "基本编码", "parent": "主项", "legal_basis": "依据", "subject": "行使对象",
    "content": "行使内容", "flow": "运行流程", "risks": "廉政风险点", "note": "备注",
    "power": "对应的权力", "responsibilities": "责任事项", "accountability": "追责情形",
    "telephone": "监督电话", "sector": "行业", "measure": "管理措施", "words": "日常说法",
    "items": "对应的服务", "provider": "由谁提供", "payer": "由谁付费", "fee": "收费标准",
    "days": "天数", "result": "结果", "category": "材料类别", "aliases": "别名",
    "source_department": "来源部门", "licence_type": "电子证照", "shareable": "可以共享",
    "status": "状态",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A change of an entry that is not published yet; fields as those of ``Draft``."""

    id: str
    entry: Entry
    based_on: int
    state: State
    revision: int
    authors: tuple[str, ...]
    changed_name: str
    changed_at: datetime
    change_note: str = ""
    reviewer_name: str = ""
    reason: str = ""

    def must_allow(self, act: str) -> None:
        """Refuse an act that this state does not know.

        :raises WrongState: naming the state.
        """
        if self.state not in MOVES[act]:
            raise WrongState(state=self.state.label)

    def must_be_of_another(self, actor: str) -> None:
        """Keep four eyes.

        :raises OwnDraft: for one of its authors.
        """
        if actor in self.authors:
            raise OwnDraft(permission="catalogue.review")


def entry_changes(before: Entry, after: Entry) -> list[Problem]:
    """Return what the later version of an entry says differently, in plain words."""
    found: list[Problem] = []
    for one in fields(after):
        old: Any = getattr(before, one.name)
        new: Any = getattr(after, one.name)
        if one.name in _LABELS and old != new:
            found += change_of(one.name, _LABELS[one.name], old, new)
    return found
