"""What a start loads and does: all that is needed the first time, little every other time."""

import os
import subprocess
import sys
from dataclasses import replace

import psycopg
import pytest

from tongban.main import install, pool, worker
from tongban.main.lifetime import Told
from tongban.main.settings import Settings, read

SLOW_TO_LOAD = {"openpyxl", "pypdf", "yoyo"}


def loaded_with(module: str) -> set[str]:
    """Return what is loaded, besides, by whoever loads a module."""
    code = f"import {module}, sys; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


def test_the_one_that_starts_the_others_loads_none_of_what_they_do() -> None:
    loaded = loaded_with("tongban.main.up")
    others = {"cases", "catalogue", "process", "rules", "channels"}
    assert not loaded & ({f"tongban.{other}" for other in others} | {"fastapi", "numpy", "yoyo"})


@pytest.mark.parametrize("part", ["app", "worker"])
def test_a_part_loads_what_is_seldom_needed_when_it_is_needed(part: str) -> None:
    assert not loaded_with(f"tongban.main.{part}") & SLOW_TO_LOAD


@pytest.fixture
def bare(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DATABASE_URL", own_database)
    monkeypatch.setenv("TONGBAN_DEMONSTRATION", "0")
    return read()


def scheduled(url: str) -> int:
    with psycopg.connect(url) as connection:
        [(count,)] = connection.execute("select count(*) from foundation.job").fetchall()
        return int(count)


def test_what_is_in_place_is_put_there_again_only_for_another_version(bare: Settings) -> None:
    install.prepare(bare, say=lambda _: None)
    assert scheduled(bare.database_url) > 0
    with psycopg.connect(bare.database_url) as connection:
        connection.execute("delete from foundation.job")

    install.prepare(bare, say=pytest.fail)
    assert scheduled(bare.database_url) == 0

    with install.open_work(bare.database_url) as work:
        install.mark(work, "ready", "another version")
    install.prepare(bare, say=lambda _: None)
    assert scheduled(bare.database_url) > 0


def test_a_city_that_was_not_asked_for_before_is_planted_now(bare: Settings) -> None:
    told = install.all_that_is_put_in_place
    assert told(bare) == told(bare)
    assert told(bare) != told(replace(bare, demonstration=True))


class OneRound(Told):
    """Stops a worker as soon as it has nothing to do."""

    def wait(self, seconds: float) -> None:  # noqa: ARG002
        self.set()


def test_a_worker_that_starts_asks_for_the_rounds_of_every_module(bare: Settings) -> None:
    install.prepare(bare, say=lambda _: None)
    with psycopg.connect(bare.database_url) as connection:
        connection.execute("delete from foundation.job")

    with pool.open_pool(bare.database_url, size=2) as connections:
        worker.run(connections, stop=OneRound())

    assert scheduled(bare.database_url) > 0
