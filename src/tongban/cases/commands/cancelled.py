"""A service is cancelled: those whose cases are open are told, and the cases go on."""

from dataclasses import dataclass

from tongban.cases.events import ItemCancelled
from tongban.cases.model import Desk
from tongban.catalogue.events import WithdrawalPlanned
from tongban.foundation.work import Work

# Whatever waits to be decided, by the applicant or by an officer.
_UNDECIDED = (Desk.INTAKE, Desk.APPLICANT, Desk.HANDLING, Desk.REVIEWING, Desk.APPROVING)


@dataclass(frozen=True, slots=True)
class _Open:
    number: str
    department: str
    holder: str


def tell_open_cases(work: Work, event: WithdrawalPlanned) -> int:
    """Note in every open case of a service that it will be cancelled; return how many there are.

    Permits everyone: called by the subscriber, for an act that was permitted.
    """
    found = work.all(
        _Open,
        """
        select number, department, holder
          from cases.case_file
         where desk = any(%(desks)s) and region = %(region)s and item_code = %(code)s
         order by number
        """,
        desks=[desk.value for desk in _UNDECIDED],
        region=event.region,
        code=event.code,
    )
    work.record_all(
        [
            ItemCancelled(
                one.number,
                one.department,
                one.holder,
                event.code,
                event.withdrawn_from,
                event.reason,
            )
            for one in found
        ]
    )
    return len(found)
