"""The number of a case is its whole key."""

from tongban.cases.model.case import NoSuchCase
from tongban.foundation.errors import Problem
from tongban.foundation.ids import read_case_number


def key_of(number: str) -> dict[str, object]:
    """Return region, month and number, by which every table of a case is found.

    :raises NoSuchCase: if the text is no case number.
    """
    read = read_case_number(number)
    if isinstance(read, Problem):
        raise NoSuchCase(number=number[:40])
    return {"region": read.region, "month": read.month, "number": str(read)}
