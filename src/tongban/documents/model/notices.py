"""The notices that departments issue: what each is called and what it must say.

Sources: 行政许可法 art. 32 (acceptance, one-off notice of what is missing, not accepted, dated
receipts), 38 (decisions, reasons and redress), 44 (delivery); for redress 行政复议法 art. 20
(60 days) and 行政诉讼法 art. 46 (6 months).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class Template(StrEnum):
    SUBMISSION_RECEIPT = "submission_receipt"  # 收件回执
    ACCEPTANCE = "acceptance"  # 受理通知书
    CORRECTION = "correction"  # 补正告知书
    NOT_ACCEPTED = "not_accepted"  # 不予受理决定书
    GRANT = "grant"  # 准予决定书
    REFUSAL = "refusal"  # 不予许可决定书
    WITHDRAWAL = "withdrawal"  # 撤回确认书
    TRANSFER = "transfer"  # 材料交接单
    DELIVERY = "delivery"  # 送达回证
    ONE_OFF = "one_off"  # 一次性告知书: what one's own case needs, before anything is submitted


class WrongData(ValueError):
    """A notice was asked for without something that it must say, or with what it cannot say."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is fixed about a kind of notice.

    ``word`` stands in the document number. ``needs`` and ``may`` are the keys that its data must
    and can hold, beside those of every notice (``EVERY``, ``ANY``). Values are texts, numbers,
    dates and times; lists are of mappings with the keys told in ``LINES``. ``on_request``: a
    person's own act brings it forth, so no officer need act.
    """

    title: str
    word: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    on_request: bool = False


# The issuing unit, the name of the service item and of the applicant.
EVERY = ("unit", "item", "applicant")
# ``mark`` stands before the document number; ``basis`` is law as cited, "《…》第…条";
# ``tracking_url`` becomes a QR code; the texts of the platform itself are added by ``issue``.
ANY = ("mark", "query_code", "tracking_url", "contact", "basis", "note")
ADDED = ("title", "number", "issued_on", "case_number")
_REDRESS = ("reconsideration", "court")

# The keys of each line of a list; only the first of them is needed.
LINES = {
    "materials": ("name", "form", "originals", "copies", "remark"),
    "missing": ("name", "wrong", "remedy"),
    "documents": ("name", "number"),
}

FORMS: dict[Template, Form] = {
    Template.SUBMISSION_RECEIPT: Form(
        "收件回执", "收", ("submitted_at", "materials"), ("notice_due_on",), on_request=True
    ),
    Template.ACCEPTANCE: Form(
        "受理通知书",
        "受",
        ("applied_on", "accepted_on"),
        ("statutory", "promised", "due_on", "provisional", "not_counted", "fee", "materials"),
    ),
    Template.CORRECTION: Form(
        "补正告知书", "补", ("missing",), ("applied_on", "deadline", "how", "consequence")
    ),
    Template.NOT_ACCEPTED: Form(
        "不予受理决定书", "不受", ("reason",), ("applied_on", "where_to_go", *_REDRESS)
    ),
    Template.GRANT: Form(
        "准予决定书",
        "准",
        ("content",),
        ("accepted_on", "result", "valid", "conditions", "delivery"),
    ),
    Template.REFUSAL: Form(
        "不予许可决定书", "不准", ("reason",), ("accepted_on", "verdict", *_REDRESS)
    ),
    Template.WITHDRAWAL: Form(
        "撤回确认书", "撤", ("withdrawn_on",), ("applied_on", "reason", "returned"), on_request=True
    ),
    Template.TRANSFER: Form("材料交接单", "交", ("sender", "receiver", "materials")),
    Template.DELIVERY: Form(
        "送达回证", "达", ("documents", "way"), ("receiver", "place", "delivered_at")
    ),
    Template.ONE_OFF: Form(
        "一次性告知书",
        "告",
        ("materials",),
        (
            "scenario",
            "conditions",
            "visits",
            "statutory",
            "promised",
            "fee",
            "where",
            "hours",
            "consult",
        ),
        on_request=True,
    ),
}


def form_of(template: str, data: Mapping[str, object]) -> Form:
    """Return the form of a template, once the data fit it.

    :raises WrongData: naming every key that is missing, empty or unknown.
    :raises ValueError: if there is no such template.
    """
    form = FORMS[Template(template)]
    needed = (*EVERY, *form.needs)
    missing = [key for key in needed if not data.get(key)]
    unknown = data.keys() - {*needed, *form.may, *ANY, *ADDED}
    for key in LINES.keys() & data.keys():
        columns = LINES[key]
        for line in _lines(data[key]):
            unknown |= {f"{key}.{column}" for column in line.keys() - set(columns)}
            missing += [] if line.get(columns[0]) else [f"{key}.{columns[0]}"]
    if missing or unknown:
        raise WrongData(f"{template}: missing {missing}, unknown {sorted(unknown)}")
    return form


def _lines(value: object) -> Sequence[Mapping[str, object]]:
    if isinstance(value, Sequence) and all(isinstance(line, Mapping) for line in value):
        return value
    raise WrongData(f"a list of mappings was expected, not {type(value).__name__}")


def number_text(*, mark: str, word: str, year: int, serial: int) -> str:
    """Return a document number (文号) in the form of GB/T 9704-2012, 7.2.5.

    :param mark: the short name by which the department marks its papers (机关代字), or nothing.

    >>> number_text(mark="云市监", word="受", year=2026, serial=12)
    '云市监受字〔2026〕12号'
    """
    return f"{mark}{word}字〔{year}〕{serial}号"


def in_words(value: object) -> Any:
    """Return data with every date, time and number as the text that stands in a notice.

    >>> in_words({"due_on": date(2026, 11, 22), "copies": 2, "fee": None, "online": True})
    {'due_on': '2026年11月22日', 'copies': '2', 'fee': '', 'online': True}
    """
    match value:
        case bool() | str():
            return value
        case None:
            return ""
        case datetime():
            local = value.astimezone(LOCAL)
            return f"{in_words(local.date())}{local:%H:%M}"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case Mapping():
            return {str(key): in_words(part) for key, part in value.items()}
        case list() | tuple():
            return [in_words(part) for part in value]
    return str(value)
