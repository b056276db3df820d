"""Officers and what they may do, for administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tongban.foundation.actor import SYSTEM, Kind
from tongban.foundation.errors import Forbidden
from tongban.foundation.work import Work
from tongban.identity.model.officers import ROLES, NoSuchOfficer, Officer, RoleGrant
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


def officers_who_may(
    work: Work, *, permission: str, department: str, region: str
) -> list[tuple[str, str]]:
    """Return id and name of the officers who may do something for a department, by name.

    For whoever hands out work there; says nothing of accounts or of what else they may do.

    :raises Forbidden: unless the actor holds some permission there.
    """
    if work.actor.kind is Kind.OFFICER and not any(
        grant.covers(department=department, region=region) for grant in work.actor.grants
    ):
        raise Forbidden(permission=permission)
    prefixes = {region[:length] for length in range(len(region) + 1)}
    with work.acting_as(SYSTEM):
        rows = work.all(
            _Named,
            """
            select o.id, o.name
              from identity.officer o
             where exists (select from identity.role_grant g
                            where g.officer = o.id and g.role = any(%(roles)s)
                              and g.department in ('', %(department)s)
                              and rtrim(g.region, '0') = any(%(regions)s))
             order by o.name, o.id
             limit 200
            """,
            roles=[role.value for role, may in ROLES.items() if permission in may],
            department=department,
            regions=sorted({prefix.rstrip("0") for prefix in prefixes}),
        )
    return [(row.id, row.name) for row in rows]


@dataclass(frozen=True, slots=True)
class _Named:
    id: str
    name: str


def roles_held(work: Work) -> list[RoleGrant]:
    """Return which roles somebody holds where, without saying who; an empty department is every.

    Permits everyone: whether there is a reviewer in a department stands on its door.
    """
    with work.acting_as(SYSTEM):
        return work.all(
            RoleGrant, "select distinct role, department, region from identity.role_grant"
        )


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
