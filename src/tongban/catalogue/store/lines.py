"""The line of an item: what it is listed, filtered and found by. Pure."""

from typing import Any

import msgspec

from tongban.catalogue.model import Item, derived_lists
from tongban.catalogue.model.content import of_text
from tongban.catalogue.model.search import words_of


def line_of(item: Item, digest: bytes, *, text: Item | None = None) -> bytes:
    """Return the columns of an item's line as an object of JSON, but for when it was published.

    :param text: the text that it shares with others, see ``content.said``.
    """
    own = {
        "code": item.code,
        "version": item.version,
        "content_hash": "\\x" + digest.hex(),
        "department": item.department,
        "department_name": item.department_name,
        "region": item.region,
        "region_name": item.region_name,
        "words": words_of(item),
    }
    shared = _said(item) if text is None else _shared_line(text)
    return msgspec.json.encode(own)[:-1] + b"," + shared + b"}"


def _said(text: Item) -> bytes:
    """Return what the services of many places share, without the brackets of the object."""
    line: dict[str, Any] = {
        "name": text.name,
        "parent_name": text.parent_name,
        "short_name": text.short_name,
        "summary": text.summary,
        "kind": text.kind,
        "kind_name": text.kind_name,
        "audience": text.audience,
        "handling": text.handling,
        "promised_amount": text.promised.amount if text.promised else None,
        "promised_unit": text.promised.unit if text.promised else None,
        "visits": text.visits,
        "online_apply": text.online_apply,
        "charged": text.charged,
        "themes": text.themes,
        "prominence": text.prominence,
        "status": text.status,
        "base_code": text.base_code,
        "power": text.power,
        "main_item": text.main_item,
        "action": text.action,
        "inherits": text.inherits,
        "lists": derived_lists(text),
        "standard_materials": sorted({m.standard_code for m in text.materials} - {""}),
    }
    return msgspec.json.encode(line)[1:-1]


_shared_line = of_text(_said)
