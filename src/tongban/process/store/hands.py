"""Small changes of a token under lock, and of its instance as a whole."""

from tongban.foundation.work import Work
from tongban.process.model.instance import ItemKey, Key


def _token(item: ItemKey) -> dict[str, object]:
    key = item.instance
    return {"region": key.region, "month": key.month, "instance": key.id, "id": item.token}


def hand_to(work: Work, item: ItemKey, to: str, to_name: str) -> None:
    """Put a work item into somebody's hands, or (empty) back into nobody's."""
    work.run(
        """
        update process.token
           set assignee = nullif(%(to)s, ''), assignee_name = nullif(%(to_name)s, '')
         where region = %(region)s and month = %(month)s and instance = %(instance)s
           and id = %(id)s
        """,
        to=to,
        to_name=to_name,
        **_token(item),
    )


def mark_helped(work: Work, item: ItemKey, mark: int) -> None:
    """Note at a work item that others were asked to help, and at theirs whom they help."""
    work.run(
        """
        update process.token set helps = %(mark)s
         where region = %(region)s and month = %(month)s and instance = %(instance)s
           and id = %(id)s
        """,
        mark=mark,
        **_token(item),
    )


def count_as_helped(work: Work, item: ItemKey, helper: int) -> None:
    """Let the due date of a helper follow the calendar as that of the item does."""
    work.run(
        """
        update process.token h set workdays = t.workdays, counted_from = t.counted_from
          from process.token t
         where t.region = %(region)s and t.month = %(month)s and t.instance = %(instance)s
           and t.id = %(id)s and t.workdays is not null
           and h.region = t.region and h.month = t.month and h.instance = t.instance
           and h.id = %(helper)s
        """,
        helper=helper,
        **_token(item),
    )


def fail_job(work: Work, item: ItemKey, *, attempts: int, error: str, give_up: bool) -> None:
    """Note that a service task has failed once more, and whether it is tried again."""
    work.run(
        """
        update process.token
           set attempts = %(attempts)s, error = nullif(%(error)s, ''),
               state = case when %(give_up)s then 'failed' else 'job' end
         where region = %(region)s and month = %(month)s and instance = %(instance)s
           and id = %(id)s and state in ('job', 'failed')
        """,
        attempts=attempts,
        error=error[:2000],
        give_up=give_up,
        **_token(item),
    )


def set_state(work: Work, key: Key, state: str) -> None:
    """Suspend an instance or let it run again."""
    work.run(
        """
        update process.instance set state = %(state)s
         where region = %(region)s and month = %(month)s and id = %(id)s
        """,
        state=state,
        region=key.region,
        month=key.month,
        id=key.id,
    )
