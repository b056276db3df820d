"""Facts about people, officers and places. None of them carries personal data in the clear."""

from dataclasses import dataclass
from datetime import date

from tongban.foundation.events import Event, Scope


@dataclass(frozen=True, slots=True)
class SignedIn(Event):
    account: str
    provider: str
    department: str = ""

    @property
    def subject(self) -> str:
        return self.account

    @property
    def scope(self) -> Scope:
        return _scope(self.account, self.department)


@dataclass(frozen=True, slots=True)
class SignInFailed(Event):
    """``account`` is empty for an unknown login. People type passwords into the wrong field, so
    what was typed is kept as a keyed hash only."""

    login_hash: str
    account: str
    failures: int
    locked: bool

    @property
    def subject(self) -> str:
        return self.account or f"login-{self.login_hash[:16]}"

    @property
    def scope(self) -> Scope:
        return _scope(self.account)


@dataclass(frozen=True, slots=True)
class SignedOut(Event):
    account: str

    @property
    def subject(self) -> str:
        return self.account

    @property
    def scope(self) -> Scope:
        return _scope(self.account)


@dataclass(frozen=True, slots=True)
class ActedFor(Event):
    """A person began to act for an organisation, or for themself again."""

    account: str
    holder: str

    @property
    def subject(self) -> str:
        return self.holder

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.holder)


@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    person: str

    @property
    def subject(self) -> str:
        return self.person

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.person)


@dataclass(frozen=True, slots=True)
class OrganisationAdded(Event):
    organisation: str
    credit_code: str

    @property
    def subject(self) -> str:
        return self.organisation

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.organisation)


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """Names the fields that changed, not what they hold."""

    holder: str
    fields: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.holder

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.holder)


@dataclass(frozen=True, slots=True)
class PersonalDataShown(Event):
    """An officer was shown personal data in the clear."""

    holder: str
    field: str
    reason: str
    department: str

    @property
    def subject(self) -> str:
        return self.holder

    @property
    def scope(self) -> Scope:
        return Scope(department=self.department, holder=self.holder)


@dataclass(frozen=True, slots=True)
class AuthorisationGiven(Event):
    authorisation: int
    person: str
    organisation: str
    since: date
    until: date | None

    @property
    def subject(self) -> str:
        return self.organisation

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.organisation)


@dataclass(frozen=True, slots=True)
class AuthorisationRevoked(Event):
    authorisation: int
    person: str
    organisation: str

    @property
    def subject(self) -> str:
        return self.organisation

    @property
    def scope(self) -> Scope:
        return Scope(holder=self.organisation)


@dataclass(frozen=True, slots=True)
class OfficerAdded(Event):
    officer: str
    name: str
    department: str

    @property
    def subject(self) -> str:
        return self.officer

    @property
    def scope(self) -> Scope:
        return Scope(department=self.department)


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    officer: str
    role: str
    department: str
    region: str

    @property
    def subject(self) -> str:
        return self.officer

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class RoleRevoked(Event):
    officer: str
    role: str
    department: str
    region: str

    @property
    def subject(self) -> str:
        return self.officer

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.department)


@dataclass(frozen=True, slots=True)
class AccountOpened(Event):
    account: str
    login: str
    department: str = ""

    @property
    def subject(self) -> str:
        return self.account

    @property
    def scope(self) -> Scope:
        return _scope(self.account, self.department)


@dataclass(frozen=True, slots=True)
class PasswordSet(Event):
    account: str
    department: str = ""

    @property
    def subject(self) -> str:
        return self.account

    @property
    def scope(self) -> Scope:
        return _scope(self.account, self.department)


@dataclass(frozen=True, slots=True)
class AccountDisabled(Event):
    account: str
    reason: str
    department: str = ""

    @property
    def subject(self) -> str:
        return self.account

    @property
    def scope(self) -> Scope:
        return _scope(self.account, self.department)


@dataclass(frozen=True, slots=True)
class AccountEnabled(Event):
    account: str
    department: str = ""

    @property
    def subject(self) -> str:
        return self.account

    @property
    def scope(self) -> Scope:
        return _scope(self.account, self.department)


@dataclass(frozen=True, slots=True)
class RegionAdded(Event):
    code: str
    name: str
    provisional: bool

    @property
    def subject(self) -> str:
        return self.code

    @property
    def scope(self) -> Scope:
        return Scope(region=self.code)


@dataclass(frozen=True, slots=True)
class DivisionsImported(Event):
    file: str
    read: int
    accepted: int
    unchanged: int
    rejected: int

    @property
    def subject(self) -> str:
        return "divisions"


@dataclass(frozen=True, slots=True)
class DepartmentAdded(Event):
    code: str
    name: str
    region: str

    @property
    def subject(self) -> str:
        return self.code

    @property
    def scope(self) -> Scope:
        return Scope(region=self.region, department=self.code)


def _scope(account: str, department: str = "") -> Scope:
    return Scope(department=department, holder="" if account.startswith("o-") else account)
