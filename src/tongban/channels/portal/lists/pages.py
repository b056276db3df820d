"""The public lists: pages to read and search, CSV and JSON to take along."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import (
    BaseItem,
    Derived,
    Duty,
    EntryFilter,
    Filter,
    Intermediary,
    List,
    NegativeEntry,
    NoSuchEntry,
    Power,
    StandardMaterial,
)
from tongban.channels.portal.lists.columns import ENTRIES, FEES, SERVICES, Column
from tongban.channels.shell.pages import PUBLIC, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import NotFound
from tongban.foundation.paging import Page
from tongban.foundation.work import Work

SIZE, DOWNLOADED, MOST = 30, 1000, 20_000
# The names of the lists in addresses.
ADDRESSES: dict[str, List] = {
    "powers": List.POWER,
    "duties": List.DUTY,
    "negative": List.NEGATIVE,
    "intermediaries": List.INTERMEDIARY,
    "directory": List.DIRECTORY,
    "materials": List.MATERIAL,
}
TITLES = {
    "services": "公共服务事项清单",
    "fees": "收费清单",
    **{address: of.label for address, of in ADDRESSES.items()},
}
LEADS = {
    "powers": "政府部门依法行使的权力，一项一项列出来；清单以外的，不得行使。",
    "duties": "每一项权力都有对应的责任：该做什么，做不好怎样追责。",
    "negative": "清单以外的行业、领域、业务，各类经营主体都可以依法平等进入。",
    "intermediaries": "办事时依法要由第三方提供的服务；清单以外的，不得要求。",
    "fees": "办事要交的费用、标准和依据；清单以外的，不得收取。",
    "services": "本平台上的全部服务事项。",
    "directory": "各级部门实施事项时共同遵守的名称和依据。",
    "materials": "各个事项要的材料，同一种用同一个名称。",
}
CLASSES: dict[List, type[Any]] = {
    List.POWER: Power,
    List.DUTY: Duty,
    List.NEGATIVE: NegativeEntry,
    List.INTERMEDIARY: Intermediary,
    List.DIRECTORY: BaseItem,
    List.MATERIAL: StandardMaterial,
}


class NoSuchList(NotFound):
    message = "没有叫“{name}”的清单"


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list as it stands in the overview."""

    name: str
    title: str
    lead: str
    number: int


def overview(request: Request, work: Work) -> Response:
    numbers = catalogue.entry_counts(work)
    counted = catalogue.counts(work, by=catalogue.By.AUDIENCE)
    services = sum(count.items for count in counted)
    derived = catalogue.derived_counts(work)
    return show(
        request,
        "portal/lists/overview.html",
        main=[
            ListLine(name, TITLES[name], LEADS[name], numbers[ADDRESSES[name]])
            for name in ("powers", "duties", "negative")
        ]
        + [ListLine("services", TITLES["services"], LEADS["services"], services)],
        others=[
            ListLine("fees", TITLES["fees"], LEADS["fees"], catalogue.fee_count(work)),
            *(
                ListLine(name, TITLES[name], LEADS[name], numbers[ADDRESSES[name]])
                for name in ("intermediaries", "directory", "materials")
            ),
        ],
        derived=[(one, derived.get(one, 0)) for one in Derived],
    )


def listing(request: Request, work: Work) -> Response:
    name = _name(request)
    if name == "services":
        return show(request, "portal/lists/services.html", formats=_formats(request, name))
    found = _rows(request, work, name, SIZE)
    text, department = _asked(request, "q"), _asked(request, "department")
    return show(
        request,
        "portal/lists/list.html",
        name=name,
        title=TITLES[name],
        lead=LEADS[name],
        columns=_columns(name)[:4],
        all_columns=_columns(name),
        rows=found.rows,
        following=_address(request, after=found.following) if found.following else "",
        first_page=_address(request, after="") if request.query_params.get("after") else "",
        asked=text,
        department=department,
        departments=[(one.code, one.name) for one in _departments(work)],
        formats=_formats(request, name),
        linked=name not in ("fees",),
    )


def negative(request: Request, work: Work) -> Response:
    """May my business do this? What is not on the list is open to everybody."""
    text = _asked(request, "q")
    found = catalogue.find_entries(work, kind=NegativeEntry, text=text) if text else []
    codes = [code for entry in found for code in entry.items]
    lines = {line.code: line for line in catalogue.item_lines(work, codes=codes)}
    whole = catalogue.entries(
        work,
        kind=NegativeEntry,
        after=request.query_params.get("after", ""),
        size=SIZE,
    )
    return show(
        request,
        "portal/lists/negative.html",
        asked=text,
        found=[(entry, [lines[c] for c in entry.items if c in lines]) for entry in found],
        whole=whole.rows,
        following=_address(request, after=whole.following) if whole.following else "",
        formats=_formats(request, "negative"),
    )


def one(request: Request, work: Work) -> Response:
    """One entry with everything that belongs to it."""
    name, code = _name(request), request.path_params["code"]
    if name not in ADDRESSES:
        raise NoSuchEntry(list=TITLES[name], code=code)
    kind = CLASSES[ADDRESSES[name]]
    entry = catalogue.entry(work, kind=kind, code=code)
    return show(
        request,
        "portal/lists/entry.html",
        name=name,
        title=TITLES[name],
        entry=entry,
        rows=[(column, column.of(entry)) for column in _columns(name) if column.of(entry)],
        versions=catalogue.entry_versions(work, of=ADDRESSES[name], code=code),
        items=_items_of(work, name, entry),
        duties=_duties_of(work, name, code),
    )


def download_csv(request: Request, work: Work) -> Response:
    """A list as CSV, at most MOST rows; the rest is asked for with ``after``."""
    name = _name(request)
    columns, rows, _ = _all(request, work, name)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.label for column in columns])
    writer.writerows([_harmless(column.of(row)) for column in columns] for row in rows)
    return _file(out.getvalue().encode("utf-8-sig"), f"{TITLES[name]}.csv", "text/csv")


def download_json(request: Request, work: Work) -> Response:
    """A list as JSON: {list, rows, following}; ``following`` is the ``after`` of the rest."""
    name = _name(request)
    columns, rows, following = _all(request, work, name)
    told = {
        "list": name,
        "rows": [{column.key: column.of(row) for column in columns} for row in rows],
        "following": following,
    }
    return _file(msgspec.json.encode(told), f"{TITLES[name]}.json", "application/json")


def _all(request: Request, work: Work, name: str) -> tuple[Sequence[Column], list[Any], str]:
    rows: list[Any] = []
    after = request.query_params.get("after", "")
    while len(rows) < MOST:
        found = _rows(request, work, name, DOWNLOADED, after)
        rows += found.rows
        after = found.following
        if not after:
            break
    return _columns(name), rows, after


def _rows(
    request: Request, work: Work, name: str, size: int, after: str | None = None
) -> Page[Any]:
    text, department = _asked(request, "q"), _asked(request, "department")
    start = request.query_params.get("after", "") if after is None else after
    if name == "fees":
        return catalogue.fees(work, department=department, text=text, after=start, size=size)
    if name == "services":
        only = Filter(
            department=department,
            region=_asked(request, "region"),
            listed=_asked(request, "listed"),
        )
        return catalogue.browse(work, only=only, after=start, size=size)
    return catalogue.entries(
        work,
        kind=CLASSES[ADDRESSES[name]],
        only=EntryFilter(department=department, text=text),
        after=start,
        size=size,
    )


def _columns(name: str) -> Sequence[Column]:
    if name in ADDRESSES:
        return ENTRIES[ADDRESSES[name]]
    return FEES if name == "fees" else SERVICES


def _items_of(work: Work, name: str, entry: Any) -> list[catalogue.ItemLine]:
    only = {
        "powers": Filter(power=entry.code),
        "directory": Filter(base_code=entry.code),
        "materials": Filter(standard_material=entry.code),
    }.get(name)
    if only is not None:
        return list(catalogue.browse(work, only=only, size=SIZE).rows)
    if name == "negative":
        return catalogue.item_lines(work, codes=entry.items)
    return []


def _duties_of(work: Work, name: str, code: str) -> Sequence[Duty]:
    if name != "powers":
        return ()
    return catalogue.entries(work, kind=Duty, only=EntryFilter(refers=code), size=SIZE).rows


def _departments(work: Work) -> Sequence[catalogue.Count]:
    return catalogue.counts(work, by=catalogue.By.DEPARTMENT)[:50]


def _name(request: Request) -> str:
    name = str(request.path_params["list"])
    if name not in TITLES:
        raise NoSuchList(name=name[:50])
    return name


def _asked(request: Request, name: str) -> str:
    return request.query_params.get(name, "").replace("\x00", "").strip()[:100]


def _address(request: Request, **changed: str) -> str:
    kept = {name: _asked(request, name) for name in ("q", "department")} | changed
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def _formats(request: Request, name: str) -> list[tuple[str, str]]:
    query = _address(request, after="")
    return [
        (kind.upper(), str(request.url_for(f"portal.list_{kind}", list=name)) + query.rstrip("?"))
        for kind in ("csv", "json")
    ]


def _harmless(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _file(content: bytes, name: str, media_type: str) -> Response:
    shown = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"content-disposition": shown})


routes = [
    page("/lists", overview, name="portal.lists", permit=PUBLIC),
    page("/lists/negative", negative, name="portal.negative", permit=PUBLIC),
    page("/lists/{list}.csv", download_csv, name="portal.list_csv", permit=PUBLIC),
    page("/lists/{list}.json", download_json, name="portal.list_json", permit=PUBLIC),
    page("/lists/{list}", listing, name="portal.list", permit=PUBLIC),
    page("/lists/{list}/{code}", one, name="portal.list_entry", permit=PUBLIC),
]
