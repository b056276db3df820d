"""Who is acting: a person, an officer, the system itself, or somebody not known yet."""

from dataclasses import dataclass
from enum import StrEnum

from tongban.foundation.errors import Forbidden, SignInNeeded


class Kind(StrEnum):
    ANONYMOUS = "anonymous"
    PERSON = "person"
    OFFICER = "officer"
    SYSTEM = "system"
    CASE = "case"  # Knows one case by its number and query code, and sees nothing else.


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions, held in one department, or in every department of a region.

    ``region`` is a prefix of the six-digit division code: ``"9901"`` is a city with its counties,
    ``""`` everywhere. ``department`` empty means every department there.
    """

    permissions: frozenset[str]
    department: str = ""
    region: str = ""

    def covers(self, *, department: str | None, region: str | None) -> bool:
        """Tell whether a thing of this department and region lies within the grant.

        What is not known of the thing (``None``) is not asked for; what is known must match.
        """
        if self.department and department is not None and department != self.department:
            return False
        return region is None or region.startswith(self.region)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a Work.

    ``holders`` are the ids of those whose affairs a person may see: the person's own and those of
    the organisations and people they may act for.
    """

    id: str
    name: str
    kind: Kind = Kind.OFFICER
    grants: tuple[Grant, ...] = ()
    holders: tuple[str, ...] = ()
    case_number: str = ""

    @property
    def department(self) -> str:
        """The first department in which the actor holds anything, or an empty text."""
        return next((grant.department for grant in self.grants if grant.department), "")

    @property
    def region(self) -> str:
        return next((grant.region for grant in self.grants if grant.region), "")

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(g.department for g in self.grants if g.department))

    @property
    def regions(self) -> tuple[str, ...]:
        """The region prefixes in which the actor sees every department."""
        return tuple(dict.fromkeys(g.region for g in self.grants if not g.department))

    def may(
        self, permission: str, *, department: str | None = None, region: str | None = None
    ) -> bool:
        if self.kind is Kind.SYSTEM:
            return True
        return any(
            permission in grant.permissions and grant.covers(department=department, region=region)
            for grant in self.grants
        )

    def must(
        self, permission: str, *, department: str | None = None, region: str | None = None
    ) -> None:
        """Refuse unless the actor holds the permission for a thing of this department and region.

        :raises SignInNeeded: if nobody is signed in.
        :raises Forbidden: otherwise.
        """
        if self.may(permission, department=department, region=region):
            return
        if self.kind is Kind.ANONYMOUS:
            raise SignInNeeded(permission=permission)
        raise Forbidden(permission=permission)

    def must_hold(self, permission: str, *, holder: str) -> None:
        """Refuse unless the thing belongs to the actor or to somebody they may act for."""
        if self.kind is Kind.SYSTEM:
            return
        self.must(permission)
        if holder not in self.holders:
            raise Forbidden(permission=permission)


SYSTEM = Actor(id="system", name="系统", kind=Kind.SYSTEM)
ANONYMOUS = Actor(id="anonymous", name="访客", kind=Kind.ANONYMOUS)
