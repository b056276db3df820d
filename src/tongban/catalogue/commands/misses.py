"""Settling questions that found nothing: everyday words were added, or nothing is to be done."""

from tongban.foundation.work import Work


def settle_miss(work: Work, *, text: str) -> None:
    """Take a question off the worklist; it comes back if it is asked in vain anew.

    :raises Forbidden: unless the actor may edit the catalogue.
    """
    work.actor.must("catalogue.edit")
    work.run("delete from catalogue.search_miss where text = %(text)s", text=text)
