"""How imports are kept: the file, what it changed, what was rejected."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.imported import Counts
from tongban.foundation.work import Work

KEPT_REJECTS = 100_000


def begin_import(
    work: Work, *, file: str, form: str, mapping: str = "", content: bytes | None = None
) -> int:
    """Note that an import begins, or that an uploaded file is to be checked; return its number."""
    number: int = work.value(
        """
        insert into catalogue.import (file, format, mapping, content, state, started_by,
                                      started_name, started_at, grants)
        values (%(file)s, %(form)s, %(mapping)s, %(content)s, %(state)s, %(actor)s, %(name)s,
                %(now)s, %(grants)s)
        returning id
        """,
        file=file[:200],
        form=form,
        mapping=mapping,
        content=content,
        state="running" if content is None else "checking",
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
        grants=msgspec.json.encode(_grants(work)).decode(),
    )
    return number


def note_import(
    work: Work,
    *,
    number: int,
    published: Sequence[Item],
    rejected: Sequence[bytes],
    counts: Counts,
) -> None:
    """Note what a part of an import has changed, and how it stands."""
    work.run(
        """
        insert into catalogue.import_change (import, item_code, version)
        select %(number)s, code, version
          from unnest(%(codes)b::text[], %(versions)s::int[]) as made (code, version)
        on conflict (import, item_code) do nothing
        """,
        number=number,
        codes=[item.code for item in published],
        versions=[item.version for item in published],
    )
    if rejected and counts.rejected - len(rejected) < KEPT_REJECTS:
        note_rejects(work, number=number, rejected=rejected)
    # Whoever has counted holds the import until it commits, and so waits for nothing after that.
    note_counts(work, number=number, counts=counts)


def note_counts(work: Work, *, number: int, counts: Counts) -> None:
    """Note how an import stands."""
    work.run(
        """
        update catalogue.import
           set read = %(read)s, accepted = %(accepted)s, unchanged = %(unchanged)s,
               rejected = %(rejected)s, doubts = %(doubts)s
         where id = %(number)s
        """,
        number=number,
        read=counts.read,
        accepted=counts.accepted,
        unchanged=counts.unchanged,
        rejected=counts.rejected,
        doubts=msgspec.json.encode(dict(counts.doubts)).decode(),
    )


def note_rejects(work: Work, *, number: int, rejected: Sequence[bytes]) -> None:
    """Keep rejected lines, each of them one object of JSON."""
    work.run(
        """
        insert into catalogue.import_reject (import, line, told)
        select %(number)s, (told ->> 'line')::int, told
          from jsonb_array_elements(%(told)s::jsonb) as told
        on conflict (import, line) do nothing
        """,
        number=number,
        told="[" + b",".join(rejected).decode() + "]",
    )


def forget_rejects(work: Work, *, number: int) -> None:
    """Forget what was rejected in the check: the import itself tells anew."""
    work.run("delete from catalogue.import_reject where import = %(number)s", number=number)


def finish_import(work: Work, *, number: int) -> None:
    """Note that an import is through, and forget its file."""
    work.run(
        """
        update catalogue.import
           set state = 'done', content = null, finished_at = %(now)s
         where id = %(number)s
        """,
        number=number,
        now=work.now,
    )


def fail_import(work: Work, *, number: int, problem: str) -> None:
    """Note why an import cannot be done, and forget its file."""
    work.run(
        """
        update catalogue.import
           set state = 'failed', content = null, problem = %(problem)s, finished_at = %(now)s
         where id = %(number)s
        """,
        number=number,
        problem=problem[:2000],
        now=work.now,
    )


def note_confirmed(work: Work, *, number: int, grants: Sequence[tuple[str, str]]) -> None:
    """Note who has confirmed an import, and where both who were needed may have it."""
    work.run(
        """
        update catalogue.import
           set confirmed_by = %(actor)s, confirmed_name = %(name)s, grants = %(grants)s
         where id = %(number)s
        """,
        number=number,
        actor=work.actor.id,
        name=work.actor.name,
        grants=msgspec.json.encode(grants).decode(),
    )


def keep_preview(work: Work, *, number: int, preview: Any, entries: int) -> None:
    work.run(
        """
        update catalogue.import
           set state = 'checked', preview = %(preview)s, entries = %(entries)s
         where id = %(number)s
        """,
        number=number,
        preview=msgspec.json.encode(preview).decode(),
        entries=entries,
    )


def move_import(work: Work, *, number: int, before: str, after: str) -> bool:
    """Let an import go from one state to another; return False if it is not in the first."""
    return bool(
        work.run(
            """
            update catalogue.import set state = %(after)s
             where id = %(number)s and state = %(before)s
            """,
            number=number,
            before=before,
            after=after,
        )
    )


def note_undone(work: Work, *, number: int, left_alone: int) -> None:
    work.run(
        """
        update catalogue.import
           set state = 'undone', undone_by = %(actor)s, undone_name = %(name)s,
               undone_at = %(now)s, left_alone = %(left)s
         where id = %(number)s
        """,
        number=number,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
        left=left_alone,
    )


def _grants(work: Work) -> list[tuple[str, str]]:
    """Return where the actor may import, as departments and prefixes of regions."""
    return [
        (grant.department, grant.region)
        for grant in work.actor.grants
        if "catalogue.import" in grant.permissions
    ]
