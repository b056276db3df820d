"""What a service says that has all that the national exchange tables demand."""

from typing import Any

from tongban.catalogue import (
    Agency,
    Authority,
    Basis,
    Channels,
    Code,
    Faq,
    Fee,
    Offers,
    Result,
    Step,
)

SENDABLE: dict[str, Any] = {
    "base_code": "000123020000",
    "codes": (Code("implementation_code", "11990100MB2C00001X3000123020000"),),
    "legal_basis": (Basis("食品安全法", "第三十五条"),),
    "faq": (Faq("要多久？", "五天"),),
    "charged": True,
    "fees": (Fee("工本费", "10元"),),
    "conditions": "有与经营规模相适应的场所。",
    "steps": (Step("收件与受理"), Step("审查与决定"), Step("颁证与送达")),
    "results": (Result("食品经营许可证", "证照"),),
    "channels": Channels(
        forms=("窗口办理", "网上办理"),
        address="海州市政务服务中心",
        hours="工作日9:00-17:00",
        consult="000-0001",
        complaint="000-0002",
        single_sign_on=True,
        mobile_single_sign_on=False,
    ),
    "agency": Agency("11990100MB2C00001X", "1"),
    "authority": Authority(("3", "4"), "1"),
    "offers": Offers(in_hall=True, pay_online=False, express=True),
}
