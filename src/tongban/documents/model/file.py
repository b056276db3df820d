"""A stored file, and how it is handed out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from urllib.parse import quote
from uuid import UUID

from tongban.foundation.actor import Actor, Kind
from tongban.foundation.errors import Conflict, Invalid, NotFound


class NoSuchFile(NotFound):
    message = "没有找到这个文件，它可能已被删除；请返回上一页刷新后再试"


class FileInOtherCase(Conflict):
    message = "文件“{name}”已用于另一个办件，请重新上传一份"


class FileRefused(Invalid):
    message = "文件没有上传：{summary}"


class FileKind(StrEnum):
    UPLOAD = "upload"  # 申请人提交的材料
    RESULT = "result"  # 部门上传的办理结果
    NOTICE = "notice"  # 平台出具的文书
    GUIDE = "guide"  # 办事指南中的空白表格和样例，人人可以下载


class Owner(TypedDict):
    """Whose case a notice belongs to."""

    case_number: str
    department: str
    region: str
    holder: str


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file without its bytes.

    ``size`` is in bytes, ``sha256`` in hexadecimal. ``name`` has been cleaned and may be shown and
    used as a file name anywhere. ``title`` and ``number`` belong to notices only.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    kind: FileKind
    title: str
    number: str
    template: str
    holder: str
    department: str
    region: str
    case_number: str
    draft: str
    created_at: datetime
    created_by: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", FileKind(self.kind))


def is_look(actor: Actor, file: File) -> bool:
    """Tell whether handing the file to the actor is a look at the data of somebody else.

    It is none for its holder, for programs, for who follows a case by its query code (and sees what
    was issued in it only), and for the officer who brought the file in.
    """
    return actor.kind is Kind.OFFICER and file.holder != "" and file.created_by != actor.id


def download_headers(file: File) -> dict[str, str]:
    """Return the headers under which a browser saves a file and can do nothing else with it.

    The name is given twice (RFC 6266): in plain ASCII for old programs, and in full (RFC 8187).
    """
    stem, _, suffix = file.name.rpartition(".")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_ ") else "_" for c in stem)
    return {
        "Content-Type": file.media_type,
        "Content-Length": str(file.size),
        "Content-Disposition": (
            f'attachment; filename="{plain.strip("_ ") or "file"}.{suffix}"; '
            f"filename*=UTF-8''{quote(file.name, safe='')}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        # What guides offer is the same for everyone and never changes; all else is private.
        "Cache-Control": (
            "public, max-age=86400, immutable"
            if file.kind is FileKind.GUIDE
            else "private, no-store"
        ),
    }
