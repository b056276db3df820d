"""Facts about the catalogue that other modules may rely on. Fields are only ever added."""

from dataclasses import dataclass
from datetime import date

from tongban.foundation.events import Event, Scope


class _OfItem:
    """About one service, which is a department's."""

    __slots__ = ()
    code: str
    department: str
    region: str

    @property
    def subject(self) -> str:
        return self.code

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


class _OfEntry:
    """About one entry of a list, which is a department's."""

    __slots__ = ()
    list: str
    code: str
    department: str
    region: str

    @property
    def subject(self) -> str:
        return f"{self.list}/{self.code}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class ItemPublished(_OfItem, Event):
    """A new version of a service was published; ``item_version`` 1 is a new service."""

    code: str
    item_version: int
    name: str
    kind: str
    department: str
    region: str
    status: str


@dataclass(frozen=True, slots=True)
class EntryPublished(_OfEntry, Event):
    """A new version of an entry of one of the lists was published; 1 is a new entry."""

    list: str
    code: str
    entry_version: int
    name: str
    department: str
    region: str
    status: str


@dataclass(frozen=True, slots=True)
class ItemsImported(Event):
    """A file of services was taken over; each service has its own ``ItemPublished`` besides."""

    number: int
    file: str
    read: int
    accepted: int
    unchanged: int
    rejected: int

    @property
    def subject(self) -> str:
        return f"import/{self.number}"


@dataclass(frozen=True, slots=True)
class ImportUndone(Event):
    """An import was undone by new versions; ``left_alone`` had been changed by others since."""

    number: int
    file: str
    restored: int
    withdrawn: int
    left_alone: int

    @property
    def subject(self) -> str:
        return f"import/{self.number}"


@dataclass(frozen=True, slots=True)
class DraftMoved(_OfItem, Event):
    """A draft went on: begun, saved, submitted, approved, sent back, scheduled, withdrawn."""

    draft: str
    code: str
    act: str
    department: str
    region: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawalPlanned(_OfItem, Event):
    """A service will be cancelled on a day; open cases go on, new ones are not taken."""

    code: str
    withdrawn_from: date
    reason: str
    department: str
    region: str


@dataclass(frozen=True, slots=True)
class EntryDraftMoved(_OfEntry, Event):
    """A draft of an entry went on: begun, submitted, published, sent back, withdrawn."""

    draft: str
    list: str
    code: str
    act: str
    department: str
    region: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class EverydayWordChanged(_OfItem, Event):
    """An everyday word was added to a service beside its guide, or removed: ``act`` says which."""

    code: str
    word: str
    act: str
    source: str
    department: str
    region: str


@dataclass(frozen=True, slots=True)
class ZoneChanged(Event):
    """A zone, a life event or a stage was put together anew, or removed."""

    code: str
    act: str
    title: str
    region: str

    @property
    def subject(self) -> str:
        return f"zone/{self.code}"

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region)
