"""An instance and its work items as they are kept and shown. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tongban.foundation.errors import Conflict, Forbidden, NotFound
from tongban.process.model.tokens import Token


class NoSuchInstance(NotFound):
    message = "没有这个流程实例"


class NoSuchItem(NotFound):
    message = "没有这个待办事项：可能已经由他人办理，请刷新列表"


class NoSuchDefinition(NotFound):
    message = "没有已发布的流程“{process}”"


class NotRunning(Conflict):
    message = "流程已挂起或已结束，不能办理"


class TakenByAnother(Conflict):
    message = "这项工作已由{name}领取"


class AlreadyStarted(Conflict):
    message = "“{number}”的流程已经启动"


class SameHand(Forbidden):
    message = "办理过“{node}”的人不能办理这一环节，请由其他人员办理"


class StillHelped(Conflict):
    message = "还有{count}位协办人没有提出意见，请等待或先撤回协办"


class InstanceState(StrEnum):
    """Whether an instance moves."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"

    @property
    def word(self) -> str:
        return _STATES[self]


_STATES = {
    InstanceState.RUNNING: "运行中",
    InstanceState.SUSPENDED: "已挂起",
    InstanceState.ENDED: "已结束",
}


# Tuples, because acts on many instances look them up by their keys all the time.
class Key(NamedTuple):
    """Which instance: region and month first, because its rows are found by them."""

    region: str
    month: int
    id: int

    def __str__(self) -> str:
        return f"{self.region}-{self.month:04}-{self.id}"


class ItemKey(NamedTuple):
    """Which work item: the instance and the token."""

    instance: Key
    token: int

    def __str__(self) -> str:
        return f"{self.instance}-{self.token}"


def read_key(text: str) -> Key:
    """Read ``990100-2406-17``, as a page shows it. NoSuchInstance if it is none."""
    found = re.fullmatch(r"([0-9]{6})-([0-9]{4})-([0-9]{1,18})", text, re.ASCII)
    if not found:
        raise NoSuchInstance
    return Key(found[1], int(found[2]), int(found[3]))


def read_item_key(text: str) -> ItemKey:
    """Read ``990100-2406-17-1088``, as a page shows it. NoSuchItem if it is none."""
    instance, _, token = text.rpartition("-")
    if not (token.isascii() and token.isdigit() and len(token) < 19):
        raise NoSuchItem
    return ItemKey(read_key(instance), int(token))


class Instance(NamedTuple):
    """One run of a process. ``department`` has it as a whole; steps may belong to others."""

    key: Key
    number: str
    definition: int
    department: str
    holder: str
    state: InstanceState


class Held(NamedTuple):
    """A token under lock, with its instance. ``born_at`` is since when it has waited."""

    instance: Instance
    token: Token
    born_at: datetime
    assignee_name: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """A published definition without its text."""

    id: int
    process: str
    version: int
    name: str
    department: str
    region: str
    note: str
    published_name: str
    published_at: datetime
