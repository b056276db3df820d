"""Comparing the lists with each other, and keeping what does not agree for its page."""

import msgspec

from tongban.catalogue.queries.consistency import consistency
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work

COMPARE = "catalogue.compare_lists"


def compare_lists(work: Work) -> None:
    """Compare all lists now and keep the result in the place of the last one.

    :raises Forbidden: unless the actor may edit the catalogue.
    """
    work.actor.must("catalogue.edit")
    found = consistency(work)
    work.run("delete from catalogue.disagreement")
    work.run(
        """
        insert into catalogue.disagreement (rule, total, first, place)
        select rule, total, first, place
          from jsonb_to_recordset(%(found)s::jsonb)
            as found (rule text, total int, first jsonb, place int)
        """,
        found=msgspec.json.encode(
            [
                {"rule": one.rule, "total": one.total, "first": one.first, "place": place}
                for place, one in enumerate(found)
            ]
        ).decode(),
    )
    work.run(
        """
        insert into catalogue.compared (counted_at) values (%(now)s)
        on conflict (only_one) do update set counted_at = excluded.counted_at
        """,
        now=work.now,
    )


def compare_soon(work: Work) -> None:
    """Ask for a comparison as soon as the worker comes to it.

    :raises Forbidden: unless the actor may edit the catalogue.
    """
    work.actor.must("catalogue.edit")
    schedule(work, kind=COMPARE, due_at=work.now, key=COMPARE)
