"""The schema: numbered files that apply to an empty database, and a picture of the result."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from snapshot import ROOT, assert_same
from tongban.main.migrate import folder, migrate, pending

FILES = sorted(folder().glob("*.sql"))

TABLES = """
select format('%s.%s', n.nspname, c.relname) as name,
       case when c.relforcerowsecurity then ' -- row security forced' else '' end as security,
       c.oid
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v')
   and n.nspname not in ('pg_catalog', 'information_schema', 'public') and n.nspname !~ '^pg_'
 order by 1
"""
COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod),
       case when a.attnotnull then ' not null' else '' end
  from pg_attribute a
 where a.attrelid = %s and a.attnum > 0 and not a.attisdropped
 order by a.attnum
"""
CONSTRAINTS = """
select pg_get_constraintdef(oid) from pg_constraint
 where conrelid = %s and contype in ('p', 'u', 'f', 'c') order by contype, 1
"""
INDEXES = """
select pg_get_indexdef(i.indexrelid) from pg_index i
 where i.indrelid = %s and not i.indisprimary
   and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
 order by 1
"""
POLICIES = """
select format('policy %%s for %%s using %%s check %%s', polname, polcmd,
              pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  from pg_policy where polrelid = %s order by 1
"""
GRANTS = """
select string_agg(lower(privilege_type), ', ' order by privilege_type)
  from information_schema.role_table_grants
 where grantee = 'tongban_app' and table_schema || '.' || table_name = %s
"""


def test_migrations_are_numbered_without_gap_or_repetition() -> None:
    assert [int(file.name[:4]) for file in FILES] == list(range(1, len(FILES) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.sql", file.name) for file in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_migration_begins_by_saying_what_it_is_for(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("-- ")


def test_a_second_run_changes_nothing(database: str) -> None:
    assert pending(database) == []
    assert migrate(database) == []


def test_squawk_finds_no_dangerous_statement() -> None:
    squawk = Path(sys.executable).with_name("squawk")
    done = subprocess.run(
        [squawk, "--no-error-on-unmatched-pattern", *map(str, FILES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_application_role_owns_nothing(database: str) -> None:
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "select count(*) from pg_class where pg_get_userbyid(relowner) = 'tongban_app'"
        ).fetchone()
    assert row == (0,)


def test_the_picture_of_the_schema_is_current(database: str) -> None:
    lines = ["-- Written by a test from the migrated database. Do not edit.", ""]
    with psycopg.connect(database) as connection:
        for name, security, oid in connection.execute(TABLES).fetchall():
            lines.append(f"table {name}{security}")
            for column, kind, required in connection.execute(COLUMNS, [oid]):
                lines.append(f"    {column} {kind}{required}")
            for query in (CONSTRAINTS, INDEXES, POLICIES):
                lines += [
                    "    " + re.sub(r"\s+", " ", row[0]) for row in connection.execute(query, [oid])
                ]
            granted = connection.execute(GRANTS, [name]).fetchone()
            if granted and granted[0]:
                lines.append(f"    grant {granted[0]} to tongban_app")
            lines.append("")
    assert_same("\n".join(lines), "docs/reference/schema.sql")
