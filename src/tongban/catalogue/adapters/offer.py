"""What a place says of a service that it offers, beside the text that all places share. Pure."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from tongban.catalogue.adapters.checks import KEY
from tongban.catalogue.adapters.guide import ChannelsRecord, Guide
from tongban.catalogue.model import Agency, Channels, Code, Item, Source
from tongban.catalogue.model.altering import altered
from tongban.catalogue.model.codes import scheme_of

_OF_CHANNELS = (
    "consult_address", "complaint_address", "website", "mobile_address", "single_sign_on",
    "mobile_single_sign_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """Where, by whom and under which codes one service is offered.

    :ivar item_code: our own code for it; empty where the record gives none.
    :ivar code: its official code. ``codes`` are all of them, this one too.
    :ivar region: the name of the place; ``region_code`` its six-digit code, or empty.
    :ivar agency: what is said of the department beyond its name; None where nothing is.
    """

    name: str
    department: str
    region: str
    item_code: str = ""
    code: str = ""
    source_item_id: str = ""
    region_code: str = ""
    department_credit_code: str = ""
    codes: tuple[Code, ...] = ()
    channels: Channels = field(default_factory=Channels)
    source: Source = field(default_factory=Source)
    agency: Agency | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def offer_of(guide: Guide) -> Offer:
    """Return what a checked guide says of its own place."""
    found = [Code("basic_code", guide.basic_code)] if guide.basic_code else []
    if guide.code:
        found.append(Code(scheme_of(guide.code), guide.code))
    found += [Code(one.scheme, one.code) for one in guide.codes or ()]
    return Offer(
        name=guide.name,
        department=guide.department,
        region=guide.region,
        item_code=guide.item_code or "",
        code=guide.code or "",
        source_item_id=guide.source_item_id or "",
        region_code=guide.region_code or "",
        department_credit_code=guide.department_credit_code or "",
        codes=tuple(dict.fromkeys(found)),
        channels=_channels(guide.channels or ChannelsRecord()),
        source=_source(guide),
        agency=guide.agency,
        extra=guide.extra,
    )


def placed(
    text: Item,
    offer: Offer,
    *,
    department: str,
    region: tuple[str, str],
    first_on: date | None = None,
) -> Item:
    """Return the item that says ``text`` where and under the codes that an offer names.

    :param department: the code of the department that the offer names; ``region`` code and name of
        its place.
    :param first_on: the day on which it is published, should it be new: it then is its version 1
        already, and need not be made anew.
    """
    agency = text.agency
    if offer.agency is None and offer.department_credit_code:
        agency = Agency(offer.department_credit_code)
    own = {
        "code": code_of(offer),
        "department": department,
        "department_name": offer.department,
        "region": region[0],
        "region_name": region[1],
        "version": 0 if first_on is None else 1,
        "effective_from": first_on,
        "codes": offer.codes,
        "channels": offer.channels,
        "source": offer.source,
        "agency": agency,
        "extra": offer.extra,
    }
    return altered(text, own)


def code_of(offer: Offer) -> str:
    """Return the item's own code: the same for the same service at every import, anywhere.

    A service is recognised by its source's id for it, or else by code, department and name, each
    within its region. Several services of a region may share one official code (one item, several
    handling items), so a mark made of what recognises it follows the official code; a service
    without an official code gets a local code beginning with ``L-``.
    """
    if offer.item_code:
        return offer.item_code
    official = offer.code if KEY.fullmatch(offer.code) else ""
    if offer.source_item_id:
        known_by = [offer.region, offer.source_item_id]
    else:
        known_by = [offer.region, offer.code, offer.department, offer.name]
    if official:
        return f"{official}-{mark(known_by, 6)}"
    return f"L-{mark(known_by, 12)}"


def told_apart(offer: Offer) -> Offer:
    """Return an offer that shares its item code with another one, under a code of its own."""
    return replace(offer, item_code=f"{offer.item_code}-{mark([offer.name], 6)}")


def mark(texts: Sequence[str], length: int) -> str:
    """Return so many letters and digits, at most 16, by which texts are recognised again."""
    digest = sha256("\0".join(texts).encode()).digest()
    return base64.b32encode(digest[:10]).decode()[:length]


def _channels(record: ChannelsRecord) -> Channels:
    return Channels(
        forms=tuple(record.forms or ()),
        address=record.address or "",
        hours=record.time or "",
        consult=record.consult or "",
        complaint=record.complaint or "",
        online=bool(record.online),
        **{name: value for name in _OF_CHANNELS if (value := getattr(record, name)) is not None},
    )


def _source(guide: Guide) -> Source:
    return Source(
        name=guide.source or "",
        item_id=guide.source_item_id or "",
        snapshot=guide.snapshot or "",
        completeness=guide.completeness or "",
        note=guide.note or "",
    )
