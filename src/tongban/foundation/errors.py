"""Expected refusals. Anything else that is raised is a fault.

Refusal
├── NotFound     the thing does not exist, or the actor may not know that it does
├── Forbidden    the actor may not do this
├── Invalid      the request itself is wrong; names each field and the rule it breaks
└── Conflict     the request is fine, but not in the present state

Messages are Chinese and at the same time the keys of the message catalogues: a channel shows
``messages.said(refusal, language)``.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tongban.foundation.permissions import permission_name


class Refusal(Exception):
    """The request cannot be granted, and the person asking deserves to know why."""

    message: ClassVar[str] = "暂时无法办理"

    def __init__(self, **details: object) -> None:
        super().__init__(self.message.format(**details))
        self.details = details


class NotFound(Refusal):
    message = "没有找到您要的内容，请核对网址或编号"


class Forbidden(Refusal):
    message = "您没有办理这件事的权限（{permission}），如有需要请联系管理员"

    def __init__(self, *, permission: str = "", **details: object) -> None:
        super().__init__(permission=permission_name(permission), **details)


class SignInNeeded(Forbidden):
    message = "请先登录"


@dataclass(frozen=True, slots=True)
class Problem:
    """One field and the rule it breaks. ``message`` is a catalogue key with named places."""

    field: str
    message: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.details)


class Invalid(Refusal):
    """What was filled in is wrong. ``problems`` names every field at once, never just the first."""

    message = "填写有误：{summary}"

    def __init__(self, *problems: Problem, **details: object) -> None:
        details.setdefault("summary", "；".join(str(problem) for problem in problems))
        super().__init__(**details)
        self.problems = problems


class Conflict(Refusal):
    message = "当前状态下不能办理"
