"""How drafts of entries are kept."""

from uuid import UUID, uuid4

from tongban.catalogue.model import Entry, List
from tongban.catalogue.model.content import encode_entry
from tongban.catalogue.model.draft import State
from tongban.catalogue.model.entry import list_of
from tongban.foundation.work import Work


def hold_entry(work: Work, of: List, code: str) -> None:
    """Let nobody else begin or finish a change of this entry until the transaction ends."""
    work.run(
        "select pg_advisory_xact_lock(hashtextextended('catalogue.entry_draft/' || %(key)s, 0))",
        key=f"{of.value}/{code}",
    )


def add_entry_draft(work: Work, entry: Entry, *, based_on: int) -> str:
    id = uuid4()
    work.run(
        """
        insert into catalogue.entry_draft (id, list, code, based_on, state, name, department,
                                           region, content, revision, authors, changed_name,
                                           changed_at)
        values (%(id)s, %(list)s, %(code)s, %(based_on)s, 'draft', %(name)s, %(department)s,
                %(region)s, %(content)s::json, 1, array[%(actor)s], %(actor_name)s, %(now)s)
        """,
        id=id,
        list=list_of(entry),
        code=entry.code,
        based_on=based_on,
        name=entry.name,
        department=entry.department,
        region=entry.region,
        content=encode_entry(entry),
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
    )
    return str(id)


def save_entry_draft(work: Work, *, id: str, entry: Entry, note: str) -> None:
    work.run(
        """
        update catalogue.entry_draft
           set content = %(content)s::json, name = %(name)s, revision = revision + 1,
               change_note = %(note)s, changed_name = %(actor_name)s, changed_at = %(now)s,
               authors = array(select distinct unnest(authors || array[%(actor)s]) order by 1)
         where id = %(id)s
        """,
        id=UUID(id),
        content=encode_entry(entry),
        name=entry.name,
        note=note,
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
    )


def move_entry_draft(work: Work, *, id: str, state: State, reason: str = "") -> None:
    work.run(
        """
        update catalogue.entry_draft set state = %(state)s, reason = %(reason)s
         where id = %(id)s
        """,
        id=UUID(id),
        state=state,
        reason=reason,
    )


def finish_entry_draft(work: Work, *, id: str, version: int, reason: str) -> None:
    work.run(
        """
        update catalogue.entry_draft
           set state = 'published', published_version = %(version)s, reviewer = %(actor)s,
               reviewer_name = %(name)s, reviewed_at = %(now)s, reason = %(reason)s
         where id = %(id)s
        """,
        id=UUID(id),
        version=version,
        reason=reason,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )
