"""What happened to a case, said in words: one sentence for each kind of event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tongban.cases import events
from tongban.cases.model import Channel, ClockKind, PauseKind, Step, Way
from tongban.documents.events import FileOpened, NoticeIssued
from tongban.foundation.events import Event
from tongban.foundation.messages import SOURCE, translate
from tongban.process.events import ProcessLookedAt
from tongban.rulebook import events as rules


class Word(str):
    """A detail that is itself a message, to be translated with the sentence it stands in."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message and what stands in its places."""

    message: str
    details: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str = SOURCE) -> str:
        """Return the sentence in a language."""
        details = {
            name: translate(value, language) if isinstance(value, Word) else value
            for name, value in self.details.items()
        }
        return translate(self.message, language).format(**details)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """Who did what, and when."""

    at: datetime
    who: str
    topic: str
    sentence: Sentence
    reason: str = ""

    def say(self, language: str = SOURCE) -> str:
        said = self.sentence.say(language)
        if not self.reason:
            return said
        return translate("{said}，理由：{reason}", language, said=said, reason=self.reason)


def sentence_of(event: Event, *, to_officer: bool) -> Sentence:
    """Return what an event says to an officer, or to the applicant and the public."""
    tell = _TELL.get(type(event))
    if tell is None:
        return Sentence(type(event).__name__)
    if to_officer and isinstance(event, events.CaseReviewed):
        return Sentence(
            "完成{step}，意见：同意" if event.agree else "完成{step}，意见：不同意",
            {"step": Word(Step(event.step).word)},
        )
    if to_officer and isinstance(event, events.CaseStepDone):
        return Sentence(
            "完成{step}，意见：同意" if event.agree else "完成{step}，意见：不同意",
            {"step": event.step},
        )
    return tell(event)


def moved_by_calendar(*, kind: str, before: date, after: date) -> Sentence:
    return Sentence(
        "工作日历调整，{clock}由 {before} 改为 {after}",
        {"clock": Word(ClockKind(kind).word), "before": before, "after": after},
    )


def _plain(message: str) -> Callable[[Any], Sentence]:
    return lambda _: Sentence(message)


def _reason(message: str) -> Callable[[Any], Sentence]:
    return lambda event: Sentence(message, {"reason": event.reason})


def _accepted(event: events.CaseAccepted | events.CaseDeemedAccepted) -> Sentence:
    deemed = isinstance(event, events.CaseDeemedAccepted)
    details = {"on": event.accepted_on, "due_on": event.due_on}
    if event.due_on is None:
        return Sentence("逾期未告知补正，自 {on} 起视为受理" if deemed else "受理申请", details)
    return Sentence(
        "逾期未告知补正，自 {on} 起视为受理，应于 {due_on} 前办结"
        if deemed
        else "受理申请，应于 {due_on} 前办结",
        details,
    )


def _resumed(event: events.CaseResumed) -> Sentence:
    details = {
        "kind": Word(PauseKind(event.kind).word),
        "workdays": event.workdays,
        "due_on": event.due_on or "",
    }
    if event.due_on is None:
        return Sentence("{kind}结束，{workdays} 个工作日不计入办理时限", details)
    return Sentence("{kind}结束，{workdays} 个工作日不计入办理时限，应于 {due_on} 前办结", details)


def _extended(event: events.CaseExtended) -> Sentence:
    details = {"workdays": event.workdays, "reason": event.reason, "due_on": event.due_on or ""}
    return Sentence("经批准延长 {workdays} 个工作日，至 {due_on}，理由：{reason}", details)


def _decided(event: events.CaseDecided) -> Sentence:
    if not event.granted:
        return Sentence("作出不予许可的决定，理由：{reason}", {"reason": event.reason})
    if event.rules:
        return Sentence("按公开的规则当场作出准予的决定：{reason}", {"reason": event.reason})
    return Sentence("作出准予的决定")


def _instant(event: rules.InstantDecided) -> Sentence:
    message = "符合秒批规则第 {version} 版，当场办结"
    if not event.granted:
        message = "按秒批规则第 {version} 版核对，转由工作人员办理"
    return Sentence(message, {"version": event.rule_version})


def _rechecked(event: rules.InstantRechecked) -> Sentence:
    message = "复核秒批结果：无误。{note}" if event.agreed else "复核秒批结果：有误。{note}"
    return Sentence(message, {"note": event.note})


def _opened(event: FileOpened) -> Sentence:
    if event.title:
        return Sentence("打开文书《{title}》", {"title": Word(event.title)})
    return Sentence("打开申请人提交的材料")


_TELL: dict[type[Event], Callable[[Any], Sentence]] = {
    NoticeIssued: lambda event: Sentence(
        "出具《{title}》，{number}", {"title": Word(event.title), "number": event.number}
    ),
    events.CaseSubmitted: lambda event: Sentence(
        "窗口收件" if event.channel == Channel.COUNTER else "提交申请"
    ),
    events.CaseAccepted: _accepted,
    events.CaseDeemedAccepted: _accepted,
    events.CorrectionRequested: lambda event: Sentence(
        "一次性告知需要补正的 {count} 项内容，请于 {due_on} 前补正",
        {"count": len(event.wanted), "due_on": event.due_on},
    ),
    events.CaseCorrected: _plain("补正申请材料"),
    events.CaseDeclined: _reason("不予受理，理由：{reason}"),
    events.CaseWithdrawn: _reason("撤回申请，理由：{reason}"),
    events.CaseDeemedWithdrawn: lambda event: Sentence(
        "至 {due_on} 未补正，视为撤回申请", {"due_on": event.due_on}
    ),
    events.CaseReviewed: lambda event: Sentence(
        "完成{step}", {"step": Word(Step(event.step).word)}
    ),
    events.CaseStepDone: lambda event: Sentence("完成{step}", {"step": event.step}),
    events.CaseSentBack: lambda event: Sentence(
        "退回{step}环节", {"step": Word(Step(event.to).word)}
    ),
    events.CaseExtended: _extended,
    events.CasePaused: lambda event: Sentence(
        "进入{kind}，约需 {days} 个工作日，期间不计入办理时限",
        {"kind": Word(PauseKind(event.kind).word), "days": event.days_needed},
    ),
    events.CaseResumed: _resumed,
    events.CaseDecided: _decided,
    events.CaseToBeRechecked: _plain("抽中复核，由工作人员再核对一次"),
    events.RiskNoticed: lambda event: Sentence(
        "发现风险提示：{risk}（{level}）", {"risk": event.risk, "level": event.level}
    ),
    rules.InstantDecided: _instant,
    rules.InstantRechecked: _rechecked,
    rules.DiscretionChosen: _plain("按裁量基准提出处理意见"),
    rules.DeviationConfirmed: _plain("另一名工作人员核准了裁量意见"),
    events.CaseDelivered: lambda event: Sentence(
        "送达结果（{way}）", {"way": Word(Way(event.way).word)}
    ),
    events.CaseClosed: _plain("归档"),
    events.ItemCancelled: lambda event: Sentence(
        "这个事项自 {on} 起取消（{reason}），本件按原来的版本继续办理",
        {"on": event.withdrawn_from, "reason": event.reason},
    ),
    FileOpened: _opened,
    ProcessLookedAt: _reason("查看了流程中的变量，用途：{reason}"),
    events.CaseLookedAt: _reason("查看了申请人的个人信息，用途：{reason}"),
}
