"""Imports by upload: the file is kept, checked by the worker, confirmed, and then taken over.

What is taken over is published, so that a second person confirms it (four eyes), as with a draft.
The worker goes on where both may, the one who imports and the one who reviews, and in parts, so
that its progress can be seen and a part that failed is done again.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

from tongban.catalogue import store
from tongban.catalogue.adapters.entries import records
from tongban.catalogue.adapters.mapping import read_mapping
from tongban.catalogue.commands.imports import batches, finish
from tongban.catalogue.commands.preview import preview_items
from tongban.catalogue.commands.sitting import Sitting
from tongban.catalogue.model.draft import OwnDraft
from tongban.catalogue.queries.imports import Import, import_content, one_import
from tongban.foundation.actor import Actor, Grant, Kind
from tongban.foundation.errors import Conflict, Forbidden, Invalid, Problem, Refusal
from tongban.foundation.jobs import schedule
from tongban.foundation.messages import SOURCE, said
from tongban.foundation.work import Work

CHECK, RUN = "catalogue.check_import", "catalogue.run_import"
SIZE_MAX = 20_000_000
PART = 2000


class NotWaiting(Conflict):
    message = "导入 {number} 现在不能确认：只有检查完毕、等待确认的导入可以确认"


def upload_items(work: Work, *, file: str, content: bytes, mapping: str = "") -> int:
    """Keep a file for import, to be checked by the worker. Return the number of the import.

    :param mapping: a mapping in TOML, for a table of others; empty: recognised by its headings.
    :raises Invalid: if the file is empty or too large, or the mapping is none.
    :raises Forbidden: unless the actor may import into the catalogue.
    """
    work.actor.must("catalogue.import")
    if not content.strip():
        raise Invalid(Problem("file", "文件 {file} 是空的", {"file": file}))
    if len(content) > SIZE_MAX:
        details: dict[str, object] = {"max": SIZE_MAX // 1_000_000}
        raise Invalid(Problem("file", "文件超过{max}MB，请分成几份导入", details))
    if mapping.strip():
        read_mapping(mapping)
    number = store.begin_import(
        work, file=file, form=Path(file).suffix, mapping=mapping, content=content
    )
    schedule(work, kind=CHECK, due_at=work.now, key=str(number), number=number)
    return number


def check_upload(work: Work, *, number: int) -> None:
    """Find out what an uploaded file would change; a file that cannot be read ends the import.

    :raises Forbidden: unless the actor may import into the catalogue, as the worker may.
    """
    work.actor.must("catalogue.import")
    found = one_import(work, number=number)
    if found.state != "checking":
        return
    rejected: list[bytes] = []
    try:
        with _file(work, found) as file, work.acting_as(_officer(found)):
            preview = preview_items(
                work, source=records(file, mapping=found.mapping), keep=rejected.extend
            )
    except Refusal as refusal:
        store.fail_import(work, number=number, problem=_in_both_languages(refusal))
        return
    store.note_rejects(work, number=number, rejected=rejected[: store.KEPT_REJECTS])
    told = msgspec.to_builtins(preview)
    store.keep_preview(work, number=number, preview=told, entries=preview.counts.read)


def confirm_upload(work: Work, *, number: int) -> None:
    """Let a checked file be taken over, where its officer may import and the actor may review.

    :raises NotWaiting: unless it has been checked and waits.
    :raises OwnDraft: for the one who uploaded it.
    :raises Forbidden: unless the actor may review what is published in the catalogue.
    """
    work.actor.must("catalogue.review")
    found = one_import(work, number=number)
    if found.started_by == work.actor.id and work.actor.kind is not Kind.SYSTEM:
        raise OwnDraft(permission="catalogue.review")
    common = _common(found, work.actor)
    if not common:
        raise Forbidden(permission="catalogue.review")
    if not store.move_import(work, number=number, before="checked", after="running"):
        raise NotWaiting(number=number)
    store.note_confirmed(work, number=number, grants=common)
    store.forget_rejects(work, number=number)
    schedule(work, kind=RUN, due_at=work.now, key=str(number), number=number)


def run_upload(work: Work, *, number: int) -> None:
    """Take over the next part of a confirmed file, and ask for the one after it.

    :raises Forbidden: unless the actor may import into the catalogue, as the worker may.
    """
    work.actor.must("catalogue.import")
    found = one_import(work, number=number)
    if found.state != "running":
        return
    with _file(work, found) as file, work.acting_as(_officer(found)):
        sitting = Sitting()
        sitting.counts.read, sitting.counts.accepted = found.read, found.accepted
        sitting.counts.unchanged, sitting.counts.rejected = found.unchanged, found.rejected
        sitting.counts.doubts.update(found.doubts)
        source = records(file, mapping=found.mapping)
        for entry in islice(source, found.read):
            sitting.pass_over(entry)
        for batch in batches(islice(source, PART)):
            part, published = sitting.take(work, batch)
            store.note_import(
                work,
                number=number,
                published=published,
                rejected=part.rejected,
                counts=sitting.counts,
            )
        if sitting.counts.read - found.read == PART:
            schedule(work, kind=RUN, due_at=work.now, key=str(number), number=number)
        else:
            finish(work, number=number, file=found.file, counts=sitting.counts)


def _in_both_languages(refusal: Refusal) -> str:
    """Return why a file cannot be read, for whoever looks at it later, as JSON."""
    things = refusal.problems if isinstance(refusal, Invalid) else (refusal,)
    told = {
        "reason": "；".join(said(one, SOURCE) for one in things),
        "reason_en": "; ".join(said(one, "en") for one in things),
    }
    return msgspec.json.encode(told).decode()


@contextmanager
def _file(work: Work, found: Import) -> Iterator[Path]:
    """Give the uploaded file a place for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="tongban-import-") as folder:
        # Named as its officer knows it, since what is wrong with it is told by its name.
        file = Path(folder) / (re.sub(r"[^\w.() -]", "_", found.file)[-60:].strip(".") or "_")
        file.write_bytes(import_content(work, number=found.id))
        yield file


def _common(found: Import, reviewer: Actor) -> list[tuple[str, str]]:
    """Return where an import may go: the places of its officer that the reviewer has as well."""
    theirs = [
        (grant.department, grant.region)
        for grant in reviewer.grants
        if "catalogue.review" in grant.permissions
    ]
    if reviewer.kind is Kind.SYSTEM:
        theirs = [("", "")]
    if found.started_by == "system":
        return theirs
    return [
        (department or other, max(region, wider, key=len))
        for department, region in found.grants
        for other, wider in theirs
        if not (department and other and department != other)
        and (region.startswith(wider) or wider.startswith(region))
    ]


def _officer(found: Import) -> Actor:
    grants = tuple(
        Grant(frozenset({"catalogue.import"}), department, region)
        for department, region in found.grants
    )
    kind = Kind.SYSTEM if found.started_by == "system" else Kind.OFFICER
    return Actor(found.started_by, found.started_name, kind, grants=grants)
