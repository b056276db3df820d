"""What happened to a case, in the visitor's language and as the components want it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request

from tongban.cases import Stop, TraceLine, When
from tongban.channels.shell.render import moment


@dataclass(frozen=True, slots=True)
class Told:
    """One stop of the way of a case, or one line of its trace."""

    title: str
    state: str
    when: str
    who: str
    left: int | None = None

    fields: ClassVar[dict[str, str]] = {
        "id_number": "证件号码",
        "telephone": "电话",
        "address": "地址",
        "answers": "申请表内容",
        "lookup": "凭证件查找",
        "file.upload": "提交的材料",
        "file.result": "办理结果",
        "file.notice": "文书",
    }


_STATES = {When.PAST: "done", When.CURRENT: "current", When.EXPECTED: "expected"}


def stops(request: Request, found: Sequence[Stop]) -> list[Told]:
    """Return the way of a case for the timeline."""
    language = request.state.visitor.language
    return [
        Told(
            title=stop.sentence.say(language),
            state="late"
            if stop.days_left is not None and stop.days_left < 0
            else _STATES[stop.when],
            when=moment(request, stop.at),
            who=stop.who,
            left=stop.days_left,
        )
        for stop in found
    ]


def told(request: Request, lines: Sequence[TraceLine]) -> list[Told]:
    """Return the trace of a case for the timeline."""
    language = request.state.visitor.language
    return [Told(line.say(language), "done", moment(request, line.at), line.who) for line in lines]
