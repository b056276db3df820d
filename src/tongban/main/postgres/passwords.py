"""Passwords for TCP: made by chance, kept in a file in libpq's own form that only we read."""

import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from tongban.main.postgres.configuration import APPLICATION, OWNER


def provide(url: str, *, file: Path) -> None:
    """Make the password file where there is none, and let the roles have what it says."""
    if not file.exists():
        lines = [f"127.0.0.1:*:*:{role}:{secrets.token_hex(24)}\n" for role in (OWNER, APPLICATION)]
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.writelines(lines)
        os.replace(fresh, file)
    with psycopg.connect(url, autocommit=True) as connection:
        for line in file.read_text().splitlines():
            *_, role, password = line.split(":")
            # Only the salted form travels, so that no log can ever show the password.
            secret = connection.pgconn.encrypt_password(
                password.encode(), role.encode(), b"scram-sha-256"
            )
            statement = sql.SQL("alter role {} password {}").format(
                sql.Identifier(role), sql.Literal(secret.decode())
            )
            connection.execute(statement)
