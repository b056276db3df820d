"""What PostgreSQL is told: its settings, who may connect, and as whom. Written at every start."""

import os
from dataclasses import dataclass
from pathlib import Path

from tongban.main.postgres.account import Account, starter_name
from tongban.main.postgres.place import Place

SUPERUSER, OWNER, APPLICATION = "postgres", "tongban_owner", "tongban_app"
DATABASE = "tongban"
LOCALE = "C.UTF-8"


@dataclass(frozen=True, slots=True)
class Wish:
    """How the starter wants the server. ``port`` names the socket too, even without TCP."""

    port: int
    tcp: bool
    durable: bool
    socket_dir: Path


def write(place: Place, *, account: Account, wish: Wish) -> None:
    """Write the three files. An administrator's own settings go to ``conf/local.conf``."""
    local = place.conf / "local.conf"
    if not local.exists():
        _replace(local, "# 本机的数据库设置，下次启动时生效 / Settings of this machine\n")
    _replace(place.conf / "postgresql.conf", _settings(place, wish))
    _replace(place.conf / "pg_hba.conf", _entrances(tcp=wish.tcp))
    _replace(place.conf / "pg_ident.conf", _names(account))


def _settings(place: Place, wish: Wish) -> str:
    values: dict[str, object] = {
        "listen_addresses": "127.0.0.1" if wish.tcp else "",
        "port": wish.port,
        "unix_socket_directories": _listed(wish.socket_dir),
        "unix_socket_permissions": "0700",
        "hba_file": place.conf / "pg_hba.conf",
        "ident_file": place.conf / "pg_ident.conf",
        "password_encryption": "scram-sha-256",
        "max_connections": 100,
        # Sized for a laptop or a small virtual machine; a province brings its own cluster. What is
        # not used of the buffers takes no memory.
        "shared_buffers": f"{_buffers()}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "effective_cache_size": "1GB",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        # Compiling costs more than our short statements ever win back.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": place.log,
        # One file for each day of the week, overwritten a week later.
        "log_filename": "postgres-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_line_prefix": "%m [%p] %q%u@%d %a ",
        "log_min_duration_statement": "1s",
        # The log is read by people who may not see personal data: no values, no key details.
        "log_parameter_max_length": 0,
        "log_error_verbosity": "terse",
    }
    if not wish.durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    lines = [f"{name} = {_quoted(str(value))}" for name, value in values.items()]
    return "\n".join([*lines, "include 'local.conf'", ""])


def _buffers() -> int:
    """Return megabytes for the buffers: a quarter of the machine's memory, within limits."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(1024, memory // 4))


def _entrances(*, tcp: bool) -> str:
    everybody = f"{SUPERUSER},{OWNER},{APPLICATION}"
    lines = [f"local all {everybody} peer map=tongban"]
    if tcp:
        lines.append(f"host all {OWNER},{APPLICATION} 127.0.0.1/32 scram-sha-256")
    return "\n".join([*lines, ""])


def _names(account: Account) -> str:
    people = sorted({starter_name(), account.name})
    roles = (SUPERUSER, OWNER, APPLICATION)
    return "".join(f'tongban "{person}" {role}\n' for person in people for role in roles)


def _listed(path: Path) -> str:
    """Write one path as a list of names, the form of this setting alone."""
    return '"' + str(path).replace('"', '""') + '"'


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    # The account must read it, and the starter's umask may say otherwise.
    fresh.chmod(0o644)
    os.replace(fresh, path)
