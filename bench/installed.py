"""A throwaway installation to measure on, connections as the product has them, and their CPU."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tongban.foundation.connection import Connection
from tongban.main import garbage, install, postgres, settings
from tongban.main.settings import Settings


@dataclass(frozen=True, slots=True)
class Installed:
    """``superuser`` is the address of whoever may see and change everything in the database."""

    settings: Settings
    url: str
    superuser: str


@contextmanager
def installed(*, city: bool = False) -> Iterator[Installed]:
    """Put the product in place on a cluster that is gone afterwards, with its city if wanted."""
    with postgres.throwaway() as server:
        configured = replace(
            settings.read(), data=server.data, database_url=server.url(),
            owner_url=server.url("tongban_owner"), demonstration=city,
        )  # fmt: skip
        install.prepare(configured, say=lambda _: None)
        garbage.rest()  # As the web and the worker do.
        yield Installed(configured, server.url(), server.superuser_url(database="tongban"))


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Connect as the product's pool does; see ``tongban.main.pool``."""
    with Connection.connect(url) as connection:
        connection.execute("set role tongban_app")
        connection.execute(
            "select set_config('jit', 'off', false),"
            " set_config('plan_cache_mode', 'force_generic_plan', false)"
        )
        connection.commit()
        yield connection


def backend_seconds(backend: int) -> float:
    """Seconds of CPU that a backend has used so far, by the kernel's scheduler."""
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9
