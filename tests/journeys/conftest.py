"""One town and one browser for all journeys, because starting them is what costs."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser

import browsers
from journeys.town import Doors, Town, running


@pytest.fixture(scope="package")
def town(server: str, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demonstration city in a database of its own."""
    parts = urlsplit(database)
    name = parts.path.removeprefix("/") + "_town"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(
            f'create database "{name}" owner tongban_owner template "{parts.path[1:]}"'
            " strategy file_copy"
        )
    url = urlunsplit(parts._replace(path="/" + name))
    query = "&".join(filter(None, [parts.query, "options=-c%20role%3Dtongban_owner"]))
    owner = urlunsplit(parts._replace(path="/" + name, query=query))
    folder: Path = tmp_path_factory.mktemp("town")
    with running(database=url, owner=owner, folder=folder) as town:
        yield town
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browsers.browser() as browser:
        yield browser


@pytest.fixture
def doors(town: Town, browser: Browser) -> Iterator[Doors]:
    doors = Doors(town, browser)
    yield doors
    doors.close()
