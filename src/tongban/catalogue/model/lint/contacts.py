"""Rules about where and how to apply, whom to ask, and what it costs. Pure."""

import re
from collections.abc import Iterator

from tongban.catalogue.model.item import Item
from tongban.catalogue.model.lint.finding import Place, Section, Severity, rule

# A subscriber's number, a mobile one, or a service number such as 12345; group 1 is the area code.
_TELEPHONE = re.compile(
    r"(?<!\d)(?:(0\d{2,3})[-－—\s]?)?(\d{7,8}|(?:1[0-2]|9[56])\d{3,4}|1\d{10})(?!\d)"
)
_HOURS = re.compile(
    r"工作日|周一|星期一|每周|每天|全天|24\s*小时|二十四小时|节假日|法定|随时|全年|工作时间"
)
_PRECISE = re.compile(r"窗口|[号室楼层栋幢座]|大厅|\d")
_POST = re.compile(r"邮寄|快递|信函")
_NO_COUNTER = re.compile(r"无(线下)?(办理)?窗口|无需(到)?现场|全程网办|(^|[:：])无$")


@rule(
    "channels.no_consult",
    Severity.ERROR,
    Section.CHANNELS,
    "没有咨询电话",
)
def _no_consult(item: Item) -> Iterator[Place]:
    if not telephones(item.channels.consult):
        yield "channels.consult", {}


@rule(
    "channels.no_complaint",
    Severity.ERROR,
    Section.CHANNELS,
    "没有投诉电话",
)
def _no_complaint(item: Item) -> Iterator[Place]:
    if not telephones(item.channels.complaint):
        yield "channels.complaint", {}


@rule(
    "channels.same_telephone",
    Severity.ERROR,
    Section.CHANNELS,
    "咨询电话与投诉电话相同（{telephone}）：投诉不应由被投诉者自己接听",
    title="咨询电话与投诉电话相同",
)
def _same_telephone(item: Item) -> Iterator[Place]:
    consult = telephones(item.channels.consult)
    # Calls to the hotline of a city are answered there, whatever they are about.
    own = {number for number in consult if not number.endswith("12345")}
    if own and own == telephones(item.channels.complaint):
        yield "channels.complaint", {"telephone": "、".join(sorted(own))}


@rule(
    "channels.no_consult_address",
    Severity.HINT,
    Section.CHANNELS,
    "没有咨询地址",
)
def _no_consult_address(item: Item) -> Iterator[Place]:
    # Where it is handled in a hall, that is where people ask, too.
    if not (item.channels.consult_address.strip() or item.channels.address.strip()):
        yield "channels.consult_address", {}


@rule(
    "channels.no_complaint_address",
    Severity.HINT,
    Section.CHANNELS,
    "没有投诉地址",
)
def _no_complaint_address(item: Item) -> Iterator[Place]:
    if not item.channels.complaint_address.strip():
        yield "channels.complaint_address", {}


@rule(
    "channels.no_area_code",
    Severity.WARNING,
    Section.CHANNELS,
    "电话{telephone}没有区号",
    title="电话没有区号",
)
def _no_area_code(item: Item) -> Iterator[Place]:
    for name in ("consult", "complaint"):
        for area, number in _TELEPHONE.findall(getattr(item.channels, name)):
            if not area and len(number) in (7, 8):
                yield f"channels.{name}", {"telephone": number}


@rule(
    "channels.no_address",
    Severity.WARNING,
    Section.CHANNELS,
    "没有办理地点",
)
def _no_address(item: Item) -> Iterator[Place]:
    if not item.channels.address.strip() and "窗口办理" in item.channels.forms:
        yield "channels.address", {}


@rule(
    "channels.vague_address",
    Severity.WARNING,
    Section.CHANNELS,
    "办理地点“{address}”没有写到窗口或门牌号",
    title="办理地点没有写到窗口或门牌号",
)
def _vague_address(item: Item) -> Iterator[Place]:
    address = item.channels.address.strip()
    if address and not _PRECISE.search(address) and not _NO_COUNTER.search(address):
        yield "channels.address", {"address": address[:50]}


@rule(
    "channels.vague_hours",
    Severity.WARNING,
    Section.CHANNELS,
    "办理时间没有说明是工作日、全天还是节假日",
)
def _vague_hours(item: Item) -> Iterator[Place]:
    hours = item.channels.hours.strip()
    if hours and not _HOURS.search(hours):
        yield "channels.hours", {}


@rule(
    "channels.no_hours",
    Severity.HINT,
    Section.CHANNELS,
    "没有办理时间",
)
def _no_hours(item: Item) -> Iterator[Place]:
    address = item.channels.address.strip()
    if address and not item.channels.hours.strip() and not _NO_COUNTER.search(address):
        yield "channels.hours", {}


@rule(
    "channels.no_visits",
    Severity.WARNING,
    Section.CHANNELS,
    "没有写明到现场次数",
)
def _no_visits(item: Item) -> Iterator[Place]:
    if item.visits is None:
        yield "visits", {}


@rule(
    "channels.visits_unexplained",
    Severity.WARNING,
    Section.CHANNELS,
    "要到现场 {visits} 次，没有写明原因",
    title="要到现场而没有写明原因",
)
def _visits_unexplained(item: Item) -> Iterator[Place]:
    if item.visits and not item.visits_reason.strip():
        yield "visits_reason", {"visits": item.visits}


@rule(
    "channels.reason_without_visit",
    Severity.WARNING,
    Section.CHANNELS,
    "到现场次数为 0，却写了到现场的原因",
)
def _reason_without_visit(item: Item) -> Iterator[Place]:
    if item.visits == 0 and item.visits_reason.strip() not in ("", "无"):
        yield "visits_reason", {}


@rule(
    "channels.no_way_in",
    Severity.ERROR,
    Section.CHANNELS,
    "到现场次数为 0，又不能网上办理，也不能邮寄：没有办法申请",
)
def _no_way_in(item: Item) -> Iterator[Place]:
    online = item.online_apply or item.channels.online
    posted = item.offers.express or any(_POST.search(form) for form in item.channels.forms)
    if item.visits == 0 and not online and not posted:
        yield "visits", {}


@rule(
    "channels.online_yet_visits",
    Severity.ERROR,
    Section.CHANNELS,
    "网上办理深度为全程网办（四级），到现场次数却是 {visits}",
    title="全程网办却要到现场",
)
def _online_yet_visits(item: Item) -> Iterator[Place]:
    if item.online_depth == 4 and item.visits:
        yield "visits", {"visits": item.visits}


@rule(
    "fees.missing",
    Severity.ERROR,
    Section.FEES,
    "写明收费，但没有收费项目和标准",
)
def _fees_missing(item: Item) -> Iterator[Place]:
    if item.charged and not item.fees:
        yield "fees", {}


@rule(
    "fees.no_standard",
    Severity.ERROR,
    Section.FEES,
    "收费项目“{name}”没有收费标准",
    title="收费项目没有收费标准",
)
def _no_standard(item: Item) -> Iterator[Place]:
    for i, fee in enumerate(item.fees):
        if not fee.standard.strip() and fee.amount is None:
            yield f"fees[{i}].standard", {"name": fee.name}


@rule(
    "fees.no_basis",
    Severity.ERROR,
    Section.FEES,
    "收费项目“{name}”没有收费依据",
    title="收费项目没有收费依据",
)
def _no_basis(item: Item) -> Iterator[Place]:
    for i, fee in enumerate(item.fees):
        if item.charged and not fee.basis.strip() and not item.fee_basis.strip():
            yield f"fees[{i}].basis", {"name": fee.name}


@rule(
    "fees.online_unsaid",
    Severity.WARNING,
    Section.FEES,
    "收费，没有写明是否支持网上支付",
)
def _online_unsaid(item: Item) -> Iterator[Place]:
    said = item.offers.pay_online is not None or any(fee.pay_online for fee in item.fees)
    if item.charged and not said:
        yield "offers.pay_online", {}


@rule(
    "fees.paid_though_free",
    Severity.WARNING,
    Section.FEES,
    "不收费，却写明可以网上支付",
)
def _paid_though_free(item: Item) -> Iterator[Place]:
    paid = item.offers.pay_online or any(fee.pay_online for fee in item.fees)
    if item.charged is False and paid:
        yield "offers.pay_online", {}


def telephones(text: str) -> set[str]:
    """Return the telephone numbers in a text, without what stands between their digits."""
    return {area + number for area, number in _TELEPHONE.findall(text)}
