"""Officers and what they may do, for administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.identity.model.officers import NoSuchOfficer, Officer, RoleGrant
from tongban.identity.model.places import prefix_of


@dataclass(frozen=True, slots=True)
class _Officer:
    id: str
    name: str
    department: str
    login: str
    disabled: bool
    roles: Sequence[Mapping[str, str]]

    def officer(self) -> Officer:
        roles = tuple(RoleGrant(**held) for held in self.roles)  # type: ignore[arg-type]
        return Officer(self.id, self.name, self.department, self.login, self.disabled, roles)


def officer(work: Work, *, id: str) -> Officer:
    """Return an officer with account and roles.

    :raises NoSuchOfficer: if there is none with this id.
    """
    work.actor.must("identity.manage")
    found = _officers(work, id=id)
    if not found:
        raise NoSuchOfficer(id=id)
    return found[0]


def officers(work: Work, *, region: str = "", department: str = "") -> list[Officer]:
    """Return the officers of a department, or of all departments within a region."""
    work.actor.must("identity.manage", department=department, region=region)
    return _officers(work, prefix=prefix_of(region) if region else "", department=department)


def colleagues(work: Work, *, department: str) -> list[Officer]:
    """Return the officers of a department, without their accounts, to hand work to one of them."""
    work.actor.must("process.assign", department=department)
    found = _officers(work, department=department) if department else []
    return [replace(one, login="") for one in found if not one.disabled]


def _officers(work: Work, *, id: str = "", prefix: str = "", department: str = "") -> list[Officer]:
    with work.acting_as(SYSTEM):  # Accounts are hidden from everybody else.
        rows = work.all(
            _Officer,
            """
            select o.id, o.name, o.department, coalesce(a.login, '') as login,
                   a.disabled_at is not null as disabled,
                   coalesce((select jsonb_agg(jsonb_build_object('role', g.role,
                                                                 'department', g.department,
                                                                 'region', g.region)
                                              order by g.role, g.department, g.region)
                               from identity.role_grant g
                              where g.officer = o.id), '[]') as roles
              from identity.officer o
              join identity.department d on d.code = o.department
              left join identity.account a on a.subject = o.id
             where (%(id)s = '' or o.id = %(id)s)
               and d.region like %(prefix)s || '%%'
               and (%(department)s = '' or o.department = %(department)s)
             order by o.department, o.id
            """,
            id=id,
            prefix=prefix,
            department=department,
        )
    return [row.officer() for row in rows]
