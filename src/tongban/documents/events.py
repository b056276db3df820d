"""Facts about files that other modules may rely on. Fields are only ever added."""

from dataclasses import dataclass

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class FileStored(Event):
    """Somebody handed in a file. Its name is personal enough to stay out of the trace.

    ``department`` and ``region`` are those of the officer who took it in, else empty.
    """

    file: str
    kind: str
    media_type: str
    size: int
    sha256: str
    holder: str
    department: str
    region: str

    @property
    def subject(self) -> str:
        return self.file

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department, holder=self.holder)


@dataclass(frozen=True, slots=True)
class NoticeIssued(Event):
    """A department issued a notice in a case."""

    file: str
    template: str
    title: str
    number: str
    case_number: str
    department: str
    region: str
    holder: str

    @property
    def subject(self) -> str:
        return self.case_number

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department, holder=self.holder)


@dataclass(frozen=True, slots=True)
class FileOpened(Event):
    """An officer opened a file of somebody else. ``title`` is that of a notice, else empty."""

    file: str
    kind: str
    title: str
    case_number: str
    department: str
    region: str
    holder: str

    @property
    def subject(self) -> str:
        return self.case_number or self.file

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department, holder=self.holder)


@dataclass(frozen=True, slots=True)
class UnusedFilesForgotten(Event):
    """Files that no case and no draft needed were deleted."""

    files: int

    @property
    def subject(self) -> str:
        return "documents"
