"""Makes and removes databases, as the superuser over the socket."""

from typing import LiteralString

import psycopg
from psycopg import sql

from tongban.main.postgres.configuration import APPLICATION, OWNER


def create(url: str, *, name: str, template: str | None) -> None:
    _run(
        url,
        "create database {name} owner {owner} template {template}",
        "revoke all on database {name} from public",
        "grant connect on database {name} to {application}",
        name=name,
        template=template or "template1",
        owner=OWNER,
        application=APPLICATION,
    )


def drop(url: str, *, name: str) -> None:
    _run(url, "drop database if exists {name} with (force)", name=name)


def _run(url: str, *statements: LiteralString, **names: str) -> None:
    quoted = {key: sql.Identifier(value) for key, value in names.items()}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(**quoted))
