"""Comparing the lists with each other, and keeping how often they do not agree for the page."""

from typing import LiteralString

from tongban.catalogue.queries.consistency import RULES, numbers_sql
from tongban.foundation.jobs import schedule
from tongban.foundation.work import Work

COMPARE = "catalogue.compare_lists"


def compare_lists(work: Work) -> None:
    """Compare all lists now and keep the result in the place of the last one.

    :raises Forbidden: unless the actor may edit the catalogue.
    """
    work.actor.must("catalogue.edit")
    work.run("delete from catalogue.disagreement")
    for rule in RULES:
        counting: LiteralString = (
            "insert into catalogue.disagreement (rule, department, region, total)"
            " select %(rule)s, held.* from (" + numbers_sql(rule) + ") as held"
        )
        work.run(counting, rule=rule)
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
