"""The acts on files. Each one: permit, check, change, record."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import LiteralString, Unpack
from uuid import UUID, uuid4

from tongban import identity
from tongban.documents.adapters.typesetting import render
from tongban.documents.events import FileOpened, FileStored, NoticeIssued
from tongban.documents.model.file import (
    File,
    FileInOtherCase,
    FileKind,
    FileRefused,
    NoSuchFile,
    Owner,
    is_look,
)
from tongban.documents.model.notices import form_of, number_text
from tongban.documents.model.uploads import PDF, examine
from tongban.documents.queries import COLUMNS, file, must_read, read
from tongban.foundation.actor import SYSTEM, Actor, Kind
from tongban.foundation.errors import Problem
from tongban.foundation.secrets import vault
from tongban.foundation.work import Work

# An officer who may do any of these acts on a case may add papers to it.
_OFFICERS_ACTS = ("cases.accept", "cases.review", "cases.decide", "cases.deliver")


def store(
    work: Work, *, name: str, content: bytes, holder: str, kind: str = FileKind.UPLOAD
) -> File:
    """Take in an uploaded file. It is forgotten after some days unless a draft or a case needs it.

    :param holder: the person or organisation whose paper it is.
    :raises FileRefused: if it is empty, too large, of a type that is not let in, or dangerous.
    """
    _must_add(work.actor, holder=holder)
    return _taken_in(work, name, content, kind=FileKind(kind), holder=holder)


def store_for_guide(
    work: Work, *, name: str, content: bytes, guide: str, department: str, region: str
) -> File:
    """Take in a blank form or a sample for a guide. Everybody may read it; it is kept for good.

    Versions of a guide never change, so that a file which one of them names is never deleted.

    :param guide: the code of the item whose guide it is for.
    :raises Forbidden: unless the actor may edit guides of that department.
    :raises FileRefused: if it is empty, too large, of a type that is not let in, or dangerous.
    """
    work.actor.must("catalogue.edit", department=department, region=region)
    place = {"department": department, "region": region}
    return _taken_in(work, name, content, kind=FileKind.GUIDE, draft=f"guide/{guide}", **place)


def hold(work: Work, *, files: Sequence[UUID], draft: str) -> None:
    """Keep exactly these files for a draft; what the draft held before is let go.

    :param draft: any text that names the draft for good. With no files, everything is let go.
    :raises NoSuchFile: if one of the files does not exist or is not the actor's.
    """
    if work.actor.kind is Kind.OFFICER:
        _must_any(work.actor)
    else:
        work.actor.must("cases.apply")
    touched = work.value(
        """
        with held as (
            update documents.file
               set draft = case when id = any(%(ids)s) then %(draft)s else '' end,
                   unused_since = case when id = any(%(ids)s) then null
                                       else %(now)s::timestamptz end
             where case_number = ''
               and (id = any(%(ids)s) and draft in ('', %(draft)s) or draft = %(draft)s)
            returning draft)
        select count(*) from held where draft = %(draft)s
        """,
        ids=list(files),
        draft=draft,
        now=work.now,
    )
    if touched != len(set(files)):
        raise NoSuchFile


def attach(
    work: Work, *, files: Sequence[UUID], case_number: str, department: str, region: str
) -> list[File]:
    """Make files part of a case, for good. Return them in the order given.

    :raises NoSuchFile: if one of the files does not exist or is not the actor's.
    :raises FileInOtherCase: if one of them belongs to another case.
    """
    if work.actor.kind is Kind.OFFICER:
        _must_any(work.actor, department=department, region=region)
    attached = work.all(
        File,
        """
        update documents.file
           set draft = '', unused_since = null,
               case_number = case when case_number = '' then %(case_number)s else case_number end,
               department = case when case_number = '' then %(department)s else department end,
               region = case when case_number = '' then %(region)s else region end
         where id = any(%(ids)s)
        returning """
        + COLUMNS,
        ids=list(files),
        case_number=case_number,
        department=department,
        region=region,
    )
    if len(attached) != len(set(files)):
        raise NoSuchFile
    for each in attached:
        if each.case_number != case_number:
            raise FileInOtherCase(name=each.name)
        if work.actor.kind is Kind.PERSON:
            work.actor.must_hold("cases.apply", holder=each.holder)
    places = {id: place for place, id in enumerate(files)}
    return sorted(attached, key=lambda each: places[each.id])


def look_at(work: Work, *, id: UUID) -> tuple[File, bytes]:
    """Return a file with its bytes. Whose file it is sees who opened it, and the case shows it too.

    Personal information law (个人信息保护法), articles 44 and 45: the right to know. Nothing is
    noted where somebody opens a file of their own, or one that they brought in themselves.

    :raises NoSuchFile: if there is none, or the actor may not know of it.
    :raises Forbidden: if the actor holds no permission to read it.
    """
    found = file(work, id=id)
    must_read(work.actor, found)
    _note(work, found)
    return found, read(work, id=id)


def look_at_part(work: Work, *, id: UUID, case_number: str) -> tuple[File, bytes]:
    """Return a file of a case to who takes part in it for another unit, noted as every look.

    That the case is theirs to see is for the module above to make sure.

    :raises Forbidden: to whoever may read no cases at all.
    :raises NoSuchFile: if the case has no such file.
    """
    work.actor.must("cases.read")
    with work.acting_as(SYSTEM):
        found, content = file(work, id=id), read(work, id=id)
    if found.case_number != case_number:
        raise NoSuchFile
    _note(work, found)
    return found, content


def _note(work: Work, found: File) -> None:
    """Note a look at somebody else's file, for whose it is and in the case."""
    if not is_look(work.actor, found):
        return
    # The name of a file is personal enough to stay out of the trace; the case says what for.
    identity.note_look(
        work, holder=found.holder, field=f"file.{found.kind}", reason=found.case_number or "—"
    )
    work.record(
        FileOpened(
            str(found.id),
            found.kind,
            found.title,
            case_number=found.case_number,
            department=found.department,
            region=found.region,
            holder=found.holder,
        )
    )


def issue(
    work: Work,
    *,
    template: str,
    data: Mapping[str, object],
    title: str = "",
    **owner: Unpack[Owner],
) -> File:
    """Typeset a notice, number it, date it today and store it in its case.

    :param template: one of ``Template``.
    :param data: what it says: the keys told in ``model.notices.FORMS``.
    :param title: what stands above the text, where the usual title does not fit.
    :param owner: ``case_number``, ``department``, ``region`` and ``holder``.
    :raises WrongData: if the data lack what such a notice must say, or hold what it cannot say.
    :raises FontsMissing: if this installation has no Chinese font.
    """
    form = form_of(template, data)
    if work.actor.kind is Kind.PERSON and form.on_request:
        work.actor.must_hold("cases.apply", holder=owner["holder"])
    else:
        _must_any(work.actor, department=owner["department"], region=owner["region"])
    number = number_text(
        mark=str(data.get("mark", "")),
        word=form.word,
        year=work.today.year,
        serial=_next_serial(work, department=owner["department"], template=template),
    )
    title = title or form.title
    added = {"title": title, "number": number, "issued_on": work.today}
    content = render(template=template, data={**data, **added, "case_number": owner["case_number"]})
    issued = _insert(
        work,
        content,
        name=f"{title}（{number}）.pdf",
        media_type=PDF.media_type,
        kind=FileKind.NOTICE,
        title=title,
        template=template,
        number=number,
        **owner,
    )
    work.record(NoticeIssued(str(issued.id), template, title, number, **owner))
    return issued


_INSERT: LiteralString = (
    """
    with content as (
        insert into documents.content (sha256, bytes, sealed)
        values (%(sha256)s, %(sealed)s, true)
        on conflict do nothing
    )
    insert into documents.file (id, sha256, name, media_type, size, kind, title, template, number,
                                holder, department, region, case_number, draft, unused_since,
                                created_at, created_by)
    values (%(id)s, %(sha256)s, %(name)s, %(media_type)s, %(size)s, %(kind)s, %(title)s,
            %(template)s, %(number)s, %(holder)s, %(department)s, %(region)s, %(case_number)s,
            %(draft)s,
            case when %(case_number)s = '' and %(draft)s = '' then %(now)s::timestamptz end,
            %(now)s, %(actor)s)
    returning """
    + COLUMNS
)
_EMPTY = dict.fromkeys(
    ("title", "template", "number", "holder", "department", "region", "case_number", "draft"), ""
)


def _taken_in(work: Work, name: str, content: bytes, **columns: str) -> File:
    """Keep an upload that may be let in, and record it; one of an officer is of the officer's unit.

    :raises FileRefused: if it may not.
    """
    judged = examine(name=name, content=content)
    if isinstance(judged, Problem):
        raise FileRefused(judged)
    stored = _insert(work, content, name=judged.name, media_type=judged.media_type, **columns)
    work.record(
        FileStored(
            file=str(stored.id),
            kind=stored.kind,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            holder=columns.get("holder", ""),
            department=columns.get("department", work.actor.department),
            region=columns.get("region", work.actor.region),
        )
    )
    return stored


def _insert(work: Work, content: bytes, **columns: object) -> File:
    digest = sha256(content).digest()
    stored = work.one(
        File,
        _INSERT,
        **{**_EMPTY, **columns},
        id=uuid4(),
        sha256=digest,
        sealed=vault().seal(content, bound_to=digest),
        size=len(content),
        now=work.now,
        actor=work.actor.id,
    )
    assert stored is not None
    return stored


def _next_serial(work: Work, *, department: str, template: str) -> int:
    # The row is locked until the act commits, so numbers have no gaps; only acts that issue the
    # same kind of notice for the same department wait for one another, some milliseconds each.
    serial: int = work.value(
        """
        insert into documents.counter as counter (department, template, year, last)
        values (%(department)s, %(template)s, %(year)s, 1)
        on conflict (department, template, year) do update set last = counter.last + 1
        returning last
        """,
        department=department,
        template=template,
        year=work.today.year,
    )
    return serial


def _must_add(actor: Actor, *, holder: str) -> None:
    if actor.kind is Kind.OFFICER:
        _must_any(actor)
    else:
        actor.must_hold("cases.apply", holder=holder)


def _must_any(actor: Actor, *, department: str | None = None, region: str | None = None) -> None:
    if not any(actor.may(act, department=department, region=region) for act in _OFFICERS_ACTS):
        actor.must(_OFFICERS_ACTS[0], department=department, region=region)
