"""What a browser sent: fields and files of a form."""

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

TOKEN_FIELD, KEY_FIELD = "csrf_token", "idempotency_key"
FIELDS_MAX = 2000
FILES_MAX = 20
FIELD_SIZE_MAX = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file as it came: ``name`` is the sender's word and not to be trusted."""

    field: str
    name: str
    content: bytes


async def read_form(request: Request) -> None:
    """Take in the submitted form. On the event loop, where the body arrives."""
    request.state.form = await request.form(
        max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_SIZE_MAX
    )


def form(request: Request) -> FormData:
    """Return the submitted form; a page that is only looked at was sent none."""
    return getattr(request.state, "form", None) or FormData()


def text(request: Request, field: str) -> str:
    """Return one field of the submitted form, or an empty text."""
    value = form(request).get(field, "")
    return _clean(value) if isinstance(value, str) else ""


def texts(request: Request, field: str) -> list[str]:
    """Return all values of a field that may be given several times."""
    return [_clean(value) for value in form(request).getlist(field) if isinstance(value, str)]


def _clean(value: str) -> str:
    """Drop what PostgreSQL cannot store and no person types, and the spaces around."""
    return value.replace("\x00", "").strip()


def whole(said: str, *, digits: int = 9) -> int | None:
    """Return a whole number as typed, of at most so many digits; None for anything else.

    Superscripts and the digits of other scripts are digits to Python but no numbers here.
    """
    plain = said.isascii() and said.isdigit() and len(said) <= digits
    return int(said) if plain else None


def uploads(request: Request) -> list[Upload]:
    """Return the files of the submitted form; a file field left empty is no file."""
    return [
        Upload(field, value.filename, _content(value))
        for field, value in form(request).multi_items()
        if isinstance(value, UploadFile) and value.filename
    ]


def _content(file: UploadFile) -> bytes:
    # An act that is run again after a lost connection reads the file again, from its beginning.
    file.file.seek(0)
    return file.file.read()
