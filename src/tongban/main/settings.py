"""What an installation can be told, all of it through the environment."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """``database_url`` empty: the embedded PostgreSQL is started in ``data``.

    ``owner_url`` is the role that owns the schema and runs migrations; the application itself
    always works as ``tongban_app``, to which the role of ``database_url`` must belong.
    """

    data: Path
    port: int
    host: str
    database_url: str
    owner_url: str
    processes: int
    threads: int
    demonstration: bool


def read() -> Settings:
    """Read the settings from the environment."""
    url = os.environ.get("DATABASE_URL", "")
    return Settings(
        data=Path(os.environ.get("TONGBAN_DATA") or "var").absolute(),
        port=int(os.environ.get("TONGBAN_PORT", "8000")),
        host=os.environ.get("TONGBAN_HOST", "127.0.0.1"),
        database_url=url,
        owner_url=os.environ.get("TONGBAN_OWNER_URL", url),
        processes=int(os.environ.get("TONGBAN_PROCESSES", "2")),
        threads=int(os.environ.get("TONGBAN_THREADS", "4")),
        demonstration=os.environ.get("TONGBAN_DEMONSTRATION", "1") != "0",
    )
