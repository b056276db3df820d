"""Applications being filled in."""

from typing import Any

from tongban import catalogue, identity
from tongban.cases.model import Draft, DraftRow
from tongban.cases.queries.facts import known
from tongban.foundation.db import Db
from tongban.foundation.work import Work


def draft(work: Work, *, item_code: str, holder: str) -> Draft:
    """Return the draft of a holder for an item, or a new one filled in with what is known already.

    A new one is kept only when it is saved.
    """
    work.actor.must_hold("cases.apply", holder=holder)
    kept = kept_draft(work, item_code=item_code, holder=holder)
    return kept or new_draft(work, item=catalogue.item(work, code=item_code), holder=holder)


def kept_draft(db: Db, *, item_code: str, holder: str) -> Draft | None:
    row = db.one(
        DraftRow,
        """
        select holder, item_code, item_version, item_name, sealed, materials, begun_at, saved_at
          from cases.draft
         where holder = %(holder)s and item_code = %(item_code)s
        """,
        holder=holder,
        item_code=item_code,
    )
    return row.opened() if row else None


def new_draft(work: Work, *, item: catalogue.Item, holder: str) -> Draft:
    """Return a draft with every answer that the holder's own register entry gives."""
    details = identity.details(work, holder=holder)
    registered = known(details)
    rules: dict[str, Any] = item.form.get("properties", {})
    return Draft(
        holder=holder,
        item_code=item.code,
        item_version=item.version,
        item_name=item.name,
        answers={
            key: registered[rule["x-source"]]
            for key, rule in rules.items()
            if registered.get(rule.get("x-source", ""))
        },
        name=details.name,
    )
