"""How sets of drafts are kept, and assignments."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.content import encode
from tongban.foundation.work import Work


def hold_items(work: Work, codes: Sequence[str]) -> None:
    """Let nobody else begin or finish a change of these items until the transaction ends.

    In the order of codes, so that two sets wait for each other and never for ever.
    """
    work.run(
        """
        select pg_advisory_xact_lock(hashtextextended('catalogue.draft/' || code, 0))
          from (select unnest(%(codes)s::text[]) as code order by 1) as held
        """,
        codes=sorted(codes),
    )


def lock_set(work: Work, id: str) -> None:
    work.run("select from catalogue.draft_set where id = %(id)s for update", id=UUID(id))


def add_set(work: Work, *, field: str, told: str) -> str:
    id = uuid4()
    work.run(
        """
        insert into catalogue.draft_set (id, field, told, state, author, author_name, begun_at)
        values (%(id)s, %(field)s, %(told)s, 'review', %(actor)s, %(name)s, %(now)s)
        """,
        id=id,
        field=field,
        told=told,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )
    return str(id)


def add_drafts(
    work: Work, *, set_id: str, note: str, pairs: Sequence[tuple[Item, Item]]
) -> dict[str, str]:
    """Add drafts in review, each an item as it is and as it shall be. Return their ids by code."""
    ids = {made.code: str(uuid4()) for _, made in pairs}
    rows = [
        {
            "id": ids[made.code],
            "code": made.code,
            "based_on": held.version,
            "name": made.name,
            "department": held.department,
            "region": held.region,
            "content": msgspec.Raw(encode(made).encode()),
        }
        for held, made in pairs
    ]
    work.run(
        """
        insert into catalogue.draft (id, item_code, based_on, state, name, department, region,
                                     content, revision, authors, changed_by, changed_name,
                                     changed_at, change_note, set_id)
        select r.id, r.code, r.based_on, 'review', r.name, r.department, r.region, r.content, 1,
               array[%(actor)s], %(actor)s, %(actor_name)s, %(now)s, %(note)s, %(set)s
          from json_to_recordset(%(rows)s::json)
               as r (id uuid, code text, based_on int, name text, department text, region text,
                     content json)
        """,
        rows=msgspec.json.encode(rows).decode(),
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
        note=note,
        set=UUID(set_id),
    )
    return ids


def give_up_drafts(work: Work, *, ids: Sequence[str], reason: str) -> None:
    work.run(
        """
        update catalogue.draft set state = 'withdrawn', reason = %(reason)s
         where id = any(%(ids)s)
        """,
        ids=[UUID(id) for id in ids],
        reason=reason[:2000],
    )


def finish_drafts(work: Work, versions: Mapping[str, int], *, set_id: str) -> None:
    """Mark the drafts of a set as reviewed and published by the actor, with their versions."""
    work.run(
        """
        update catalogue.draft d
           set state = 'published', published_version = v.version, reviewer = %(actor)s,
               reviewer_name = %(name)s, reviewed_at = %(now)s, publisher = %(actor)s,
               publisher_name = %(name)s, effective_from = %(today)s
          from unnest(%(codes)s::text[], %(versions)s::int[]) as v (code, version)
         where d.set_id = %(set)s and d.item_code = v.code and d.state = 'review'
        """,
        set=UUID(set_id),
        codes=list(versions),
        versions=list(versions.values()),
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
        today=work.today,
    )
    work.run(
        """
        update catalogue.notice set settled_at = %(now)s, settled_name = %(name)s
         where item_code = any(%(codes)s) and settled_at is null
        """,
        codes=list(versions),
        now=work.now,
        name=work.actor.name,
    )


def settle_set(work: Work, *, id: str, state: str, comment: str, left_alone: int = 0) -> None:
    work.run(
        """
        update catalogue.draft_set
           set state = %(state)s, reviewer = %(actor)s, reviewer_name = %(name)s,
               reviewed_at = %(now)s, comment = %(comment)s,
               left_alone = left_alone + %(left_alone)s
         where id = %(id)s
        """,
        id=UUID(id),
        state=state,
        comment=comment,
        left_alone=left_alone,
        actor=work.actor.id,
        name=work.actor.name,
        now=work.now,
    )


def assign(work: Work, *, codes: Sequence[str], officer: str, name: str) -> None:
    """Note who looks after these items; nobody in particular, if no officer is named."""
    if not officer:
        work.run(
            "delete from catalogue.assignment where item_code = any(%(codes)s)", codes=list(codes)
        )
        return
    work.run(
        """
        insert into catalogue.assignment (item_code, officer, officer_name, assigned_by,
                                          assigned_name, assigned_at)
        select unnest(%(codes)s::text[]), %(officer)s, %(name)s, %(actor)s, %(actor_name)s,
               %(now)s
            on conflict (item_code) do update
           set officer = excluded.officer, officer_name = excluded.officer_name,
               assigned_by = excluded.assigned_by, assigned_name = excluded.assigned_name,
               assigned_at = excluded.assigned_at
        """,
        codes=list(codes),
        officer=officer,
        name=name,
        actor=work.actor.id,
        actor_name=work.actor.name,
        now=work.now,
    )
