"""What officers of other units open in a case in which they take part."""

from uuid import UUID

from tongban import documents
from tongban.cases.queries.taking_part import must_take_part
from tongban.documents import File
from tongban.foundation.work import Work


def open_part_file(work: Work, *, number: str, file: UUID) -> tuple[File, bytes]:
    """Return a file of a case in which the officer has an open or a done step, with its bytes.

    The applicant sees who opened it and in which case, as of every other look.

    :raises NoSuchCase: to everybody else.
    :raises NoSuchFile: if the case has no such file.
    """
    case = must_take_part(work, number=number)
    return documents.look_at_part(work, id=file, case_number=case.number)
