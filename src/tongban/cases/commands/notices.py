"""The papers of a case: which act brings forth which, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban import catalogue, documents
from tongban.cases import events, queries
from tongban.cases.model import Case, Channel, MaterialState, Private, Way
from tongban.foundation.events import Event
from tongban.foundation.work import LOCAL, Work

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class Papers:
    """What a paper is made of: the case as it is, its guide, what is personal."""

    case: Case
    item: catalogue.Item
    private: Private
    work: Work


def issue(work: Work, event: Event, *, number: str) -> documents.File:
    """Issue the paper that belongs to an event of a case.

    Permits everyone: called by the subscriber of the event alone, for an act that was permitted.
    """
    case = queries.load(work, number=number)
    papers = Papers(
        case=case,
        item=catalogue.item(work, code=case.item_code, version=case.item_version),
        private=queries.private(work, number=number),
        work=work,
    )
    template, says = _SAYS[type(event)](papers, event)
    consult = papers.item.channels.consult
    return documents.issue(
        work,
        template=template,
        data={
            "unit": case.department_name,
            "item": case.item_name,
            "applicant": papers.private.name,
            **({"contact": consult} if consult else {}),
            **says,
        },
        case_number=case.number,
        department=case.department,
        region=case.region,
        holder=case.holder,
    )


def _receipt(papers: Papers, event: events.CaseSubmitted) -> tuple[str, Data]:  # noqa: ARG001
    notice = next((clock.due_on for clock in papers.case.clocks), None)
    return documents.Template.SUBMISSION_RECEIPT, {
        "submitted_at": papers.case.submitted_at,
        "materials": _materials(papers),
        "query_code": papers.private.query_code,
        **({"notice_due_on": notice} if notice else {}),
    }


def _acceptance(
    papers: Papers, event: events.CaseAccepted | events.CaseDeemedAccepted
) -> tuple[str, Data]:
    deemed = isinstance(event, events.CaseDeemedAccepted) or papers.case.deemed
    limits = {"statutory": papers.item.statutory, "promised": papers.item.promised}
    special = "、".join(each.kind for each in papers.item.special_procedures)
    says: Data = {
        "applied_on": _day(papers.case.submitted_at),
        "accepted_on": event.accepted_on,
        "basis": "《中华人民共和国行政许可法》第三十二条",
        "materials": _materials(papers),
        **{name: str(limit) for name, limit in limits.items() if limit},
        **({"not_counted": special} if special else {}),
    }
    if event.due_on:
        says |= {"due_on": event.due_on}
    if any(clock.provisional for clock in papers.case.clocks if clock.open):
        says |= {"provisional": "是"}
    if deemed:
        says |= {"note": "受理或者告知补正的期限届满而未告知，自收到申请材料之日起视为受理。"}
    return documents.Template.ACCEPTANCE, says


def _correction(papers: Papers, event: events.CorrectionRequested) -> tuple[str, Data]:
    return documents.Template.CORRECTION, {
        "applied_on": _day(papers.case.submitted_at),
        "basis": "《中华人民共和国行政许可法》第三十二条",
        "missing": [{"name": each.label, "wrong": each.what} for each in event.wanted],
        "deadline": event.due_on,
        "how": "登录办件页面在线补正，或者到窗口提交",
        "consequence": "逾期不补正的，视为撤回申请。",
    }


def _declined(papers: Papers, event: events.CaseDeclined) -> tuple[str, Data]:
    return documents.Template.NOT_ACCEPTED, {
        "applied_on": _day(papers.case.submitted_at),
        "basis": "《中华人民共和国行政许可法》第三十二条",
        "reason": event.reason,
        **({"where_to_go": event.where_to_go} if event.where_to_go else {}),
        **_redress(papers.item),
    }


def _decided(papers: Papers, event: events.CaseDecided) -> tuple[str, Data]:
    accepted_at = papers.case.accepted_at
    accepted: Data = {"accepted_on": _day(accepted_at)} if accepted_at else {}
    if not event.granted:
        return documents.Template.REFUSAL, {
            "reason": event.reason,
            **accepted,
            **_redress(papers.item),
        }
    result = "、".join(each.name for each in papers.item.results)
    delivery = papers.private.delivery.get("way", "")
    content = event.reason or f"准予“{papers.case.item_name}”的申请。"
    if event.rules:
        content = f"准予“{papers.case.item_name}”的申请。{event.reason}"
    return documents.Template.GRANT, {
        "content": content,
        **accepted,
        **({"result": result} if result else {}),
        **({"delivery": Way(delivery).word} if delivery else {}),
    }


def _withdrawal(papers: Papers, event: events.CaseWithdrawn) -> tuple[str, Data]:
    return documents.Template.WITHDRAWAL, {
        "applied_on": _day(papers.case.submitted_at),
        "withdrawn_on": papers.work.today,
        "reason": event.reason,
    }


def _delivery(papers: Papers, event: events.CaseDelivered) -> tuple[str, Data]:
    decisions = (documents.Template.GRANT, documents.Template.REFUSAL)
    issued = [
        {"name": file.title, "number": file.number}
        for file in documents.files_of_case(papers.work, case_number=papers.case.number)
        if file.template in decisions
    ]
    receiver = papers.private.receiver
    return documents.Template.DELIVERY, {
        "documents": issued or [{"name": "办理结果"}],
        "way": Way(event.way).word,
        **({"receiver": receiver} if receiver else {}),
        **({"delivered_at": papers.case.delivered_at} if papers.case.delivered_at else {}),
    }


_SAYS: dict[type[Event], Callable[[Papers, Any], tuple[str, Data]]] = {
    events.CaseSubmitted: _receipt,
    events.CaseAccepted: _acceptance,
    events.CaseDeemedAccepted: _acceptance,
    events.CorrectionRequested: _correction,
    events.CaseDeclined: _declined,
    events.CaseDecided: _decided,
    events.CaseWithdrawn: _withdrawal,
    events.CaseDelivered: _delivery,
}


PROVED = tuple(_SAYS)


def _materials(papers: Papers) -> list[dict[str, str]]:
    """Return what was handed in: the form, every material with a file or seen on paper."""
    handed_in = [
        material.name
        for material in papers.case.materials
        if material.files or material.state is MaterialState.CHECKED
    ]
    form = "窗口" if papers.case.channel is Channel.COUNTER else "网上"
    return [{"name": f"申请表（{form}填写）"}, *({"name": name} for name in handed_in)]


def _redress(item: catalogue.Item) -> Data:
    """Return where a refusal can be contested, as far as the guide names the organs."""
    found: Data = {}
    for each in item.rights:
        if "复议" in each.way and each.organ:
            found["reconsideration"] = each.organ
        elif "诉讼" in each.way and each.organ:
            found["court"] = each.organ
    return found


def _day(at: Any) -> date:
    day: date = at.astimezone(LOCAL).date()
    return day
