"""How drafts are kept, with comments, notices and withdrawals."""

from datetime import date
from uuid import UUID, uuid4

from tongban.catalogue.model import Item
from tongban.catalogue.model.content import encode
from tongban.catalogue.model.draft import Draft, State
from tongban.foundation.work import Work


def hold_item(work: Work, code: str) -> None:
    """Let nobody else begin or finish a change of this item until the transaction ends."""
    work.run(
        "select pg_advisory_xact_lock(hashtextextended('catalogue.draft/' || %(code)s, 0))",
        code=code,
    )


def lock_draft(work: Work, id: str) -> None:
    work.run("select from catalogue.draft where id = %(id)s for update", id=UUID(id))


def add_draft(work: Work, item: Item, based_on: int) -> str:
    id = uuid4()
    work.run(
        """
        insert into catalogue.draft (id, item_code, based_on, state, name, department, region,
                                     content, revision, authors, changed_by, changed_name,
                                     changed_at)
        values (%(id)s, %(code)s, %(based_on)s, 'draft', %(name)s, %(department)s, %(region)s,
                %(content)s::json, 1, array[%(actor)s], %(actor)s, %(actor_name)s, %(now)s)
        """,
        id=id,
        code=item.code,
        based_on=based_on,
        name=item.name,
        department=item.department,
        region=item.region,
        content=encode(item),
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
    )
    return str(id)


def save_draft(work: Work, draft: Draft, *, item: Item, note: str, based_on: int) -> None:
    work.run(
        """
        update catalogue.draft
           set content = %(content)s::json, name = %(name)s, revision = revision + 1,
               change_note = %(note)s, based_on = %(based_on)s,
               authors = array(select distinct unnest(authors || array[%(actor)s]) order by 1),
               changed_by = %(actor)s, changed_name = %(actor_name)s, changed_at = %(now)s
         where id = %(id)s
        """,
        id=UUID(draft.id),
        content=encode(item),
        name=item.name,
        note=note,
        based_on=based_on,
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
    )


def move(work: Work, draft: Draft, state: State, *, reason: str = "") -> None:
    work.run(
        """
        update catalogue.draft set state = %(state)s, reason = %(reason)s where id = %(id)s
        """,
        id=UUID(draft.id),
        state=state,
        reason=reason,
    )


def save_review(work: Work, draft: Draft, *, agree: bool) -> None:
    work.run(
        """
        update catalogue.draft
           set state = %(state)s,
               reviewer = case when %(agree)s then %(actor)s else '' end,
               reviewer_name = case when %(agree)s then %(actor_name)s else '' end,
               reviewed_at = %(now)s
         where id = %(id)s
        """,
        id=UUID(draft.id),
        state=State.APPROVED if agree else State.DRAFT,
        agree=agree,
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
    )


def plan(work: Work, draft: Draft, day: date) -> None:
    work.run(
        """
        update catalogue.draft
           set state = 'scheduled', effective_from = %(day)s, publisher = %(actor)s,
               publisher_name = %(actor_name)s
         where id = %(id)s
        """,
        id=UUID(draft.id),
        day=day,
        actor=work.actor.id,
        actor_name=work.actor.name,
    )


def finish(work: Work, draft: Draft, version: int) -> None:
    work.run(
        """
        update catalogue.draft
           set state = 'published', published_version = %(version)s
         where id = %(id)s
        """,
        id=UUID(draft.id),
        version=version,
    )
    work.run(
        """
        update catalogue.notice
           set settled_at = %(now)s, settled_name = %(name)s
         where item_code = %(code)s and settled_at is null
        """,
        code=draft.item.code,
        now=work.now,
        name=work.actor.name,
    )


def add_comment(work: Work, draft: Draft, *, field: str, text: str) -> None:
    work.run(
        """
        insert into catalogue.draft_comment (draft, place, field, text, author, author_name,
                                             written_at)
        select %(draft)s, coalesce(max(place), 0) + 1, %(field)s, %(text)s, %(actor)s, %(name)s,
               %(now)s
          from catalogue.draft_comment
         where draft = %(draft)s
        """,
        draft=UUID(draft.id),
        field=field,
        text=text,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )


def raise_notices(work: Work, *, source: str, code: str, version: int, name: str) -> int:
    """Tell the items below an entry of the directory, or below an item. Return how many."""
    return work.run(
        """
        insert into catalogue.notice (item_code, source, source_version, source_name, department,
                                      region, raised_at)
        select i.code, %(source)s || '/' || %(code)s, %(version)s, %(name)s, i.department,
               i.region, %(now)s
          from catalogue.item i
         where i.status <> 'cancelled'
           and case %(source)s when 'directory' then i.base_code = %(code)s and i.base_code <> ''
                    else i.inherits = %(code)s and i.inherits <> '' end
        on conflict do nothing
        """,
        source=source,
        code=code,
        version=version,
        name=name,
        now=work.now,
    )


def settle_notices(work: Work, *, item_code: str) -> int:
    return work.run(
        """
        update catalogue.notice
           set settled_at = %(now)s, settled_name = %(name)s
         where item_code = %(code)s and settled_at is null
        """,
        code=item_code,
        now=work.now,
        name=work.actor.name,
    )


def plan_withdrawal(work: Work, *, code: str, day: date, reason: str) -> None:
    work.run(
        """
        insert into catalogue.withdrawal (item_code, withdrawn_from, reason, asked_by, asked_name,
                                          asked_at)
        values (%(code)s, %(day)s, %(reason)s, %(actor)s, %(name)s, %(now)s)
        on conflict (item_code) do update
           set withdrawn_from = excluded.withdrawn_from, reason = excluded.reason,
               asked_by = excluded.asked_by, asked_name = excluded.asked_name,
               asked_at = excluded.asked_at, done_at = null
        """,
        code=code,
        day=day,
        reason=reason,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )


def withdrawn(work: Work, *, code: str) -> None:
    work.run(
        "update catalogue.withdrawal set done_at = %(now)s where item_code = %(code)s",
        code=code,
        now=work.now,
    )
