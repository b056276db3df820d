"""Questions about files. Nothing here changes anything."""

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from tongban.documents.model.file import File, FileKind, NoSuchFile
from tongban.foundation.actor import Actor, Kind
from tongban.foundation.secrets import vault
from tongban.foundation.work import Work

COLUMNS: LiteralString = """
    id, name, media_type, size, encode(sha256, 'hex') as sha256, kind, title, number, template,
    holder, department, region, case_number, draft, created_at, created_by
"""


def file(work: Work, *, id: UUID) -> File:
    """Return a file without its bytes.

    :raises NoSuchFile: if there is none, or the actor may not know of it.
    :raises Forbidden: if the actor holds no permission to read it.
    """
    found = work.one(File, "select " + COLUMNS + " from documents.file where id = %(id)s", id=id)
    if found is None:
        raise NoSuchFile
    must_read(work.actor, found)
    return found


def read(work: Work, *, id: UUID) -> bytes:
    """Return the bytes of a file.

    :raises NoSuchFile: if there is none, or the actor may not know of it.
    :raises Forbidden: if the actor holds no permission to read it.
    :raises WrongKey: if the installation's key is not the one they were stored under.
    """
    found = file(work, id=id)
    digest = bytes.fromhex(found.sha256)
    content = work.one(
        _Content,
        "select bytes, sealed from documents.content where sha256 = %(sha256)s",
        sha256=digest,
    )
    assert content is not None
    if not content.sealed:
        return content.bytes
    return vault().unseal(content.bytes, bound_to=digest)


@dataclass(frozen=True, slots=True)
class _Content:
    bytes: builtins.bytes
    sealed: bool


def files(work: Work, *, ids: Sequence[UUID]) -> list[File]:
    """Return those of the files that exist and may be read, in the order asked for."""
    found = work.all(
        File,
        "select " + COLUMNS + " from documents.file where id = any(%(ids)s)",
        ids=list(ids),
    )
    places = {id: place for place, id in enumerate(ids)}
    return sorted(
        (each for each in found if _may_read(work.actor, each)), key=lambda each: places[each.id]
    )


def files_of_case(work: Work, *, case_number: str) -> list[File]:
    """Return the files of a case that may be read, in the order in which they came."""
    found = work.all(
        File,
        "select "
        + COLUMNS
        + """
          from documents.file
         where case_number = %(case_number)s and case_number <> ''
         order by created_at, name, id
        """,
        case_number=case_number,
    )
    return [each for each in found if _may_read(work.actor, each)]


def guide_file(work: Work, *, id: UUID) -> File:
    """Return a file of a guide; every other file is not found. Permits everyone.

    :raises NoSuchFile: if there is none.
    """
    found = work.one(
        File,
        "select " + COLUMNS + " from documents.file where id = %(id)s and kind = 'guide'",
        id=id,
    )
    if found is None:
        raise NoSuchFile
    return found


def _may_read(actor: Actor, found: File) -> bool:
    if found.kind is FileKind.GUIDE:
        return True
    match actor.kind:
        case Kind.SYSTEM | Kind.CASE:
            return True  # Row-level security has shown a case's follower its notices only.
        case Kind.OFFICER if found.created_by == actor.id and not found.case_number:
            return True
        case Kind.OFFICER:
            return actor.may("cases.read", department=found.department, region=found.region)
        case _:
            return found.holder in actor.holders and actor.may("cases.own")


def must_read(actor: Actor, found: File) -> None:
    """Refuse unless the actor may read the file.

    :raises Forbidden: if the actor may not.
    """
    if _may_read(actor, found):
        return
    if actor.kind is Kind.OFFICER:
        actor.must("cases.read", department=found.department, region=found.region)
    actor.must_hold("cases.own", holder=found.holder)
