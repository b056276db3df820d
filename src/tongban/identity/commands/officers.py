"""Administrators add officers, grant them roles and look after accounts.

Nobody can give what lies beyond their own reach: an administrator of a city appoints in that city
only. Nobody changes their own rights.
"""

from tongban.foundation.actor import SYSTEM
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.identity.events import OfficerAdded, RoleGranted, RoleRevoked
from tongban.identity.model.officers import (
    ROLE_NAMES,
    NoSuchOfficer,
    Officer,
    OwnRights,
    Role,
    RoleGrant,
    RolesExclude,
    conflicting,
)
from tongban.identity.queries import officers, places


def add_officer(work: Work, *, name: str, department: str) -> Officer:
    """Add an officer to a department (a code). Roles and an account are given apart.

    :raises Invalid: if the name is empty.
    :raises NoSuchDepartment: if the department is unknown.
    """
    unit = places.department(work, code=department)
    work.actor.must("identity.manage", department=unit.code, region=unit.region)
    if not name.strip():
        raise Invalid(Problem("name", "请填写姓名"))
    id = work.value(
        """
        insert into identity.officer (name, department, created_at)
        values (%(name)s, %(department)s, %(now)s)
        returning id
        """,
        name=name.strip(),
        department=unit.code,
        now=work.now,
    )
    work.record(OfficerAdded(id, name.strip(), unit.code))
    return officers.officer(work, id=id)


def grant_role(work: Work, *, officer: str, role: RoleGrant) -> Officer:
    """Let an officer hold a role in a department, a region, or (both empty) everywhere.

    :raises Forbidden: if that lies beyond the actor's own reach, or the actor is the officer.
    :raises RolesExclude: if the officer holds a role that may not be combined with it.
    """
    held = _locked(work, officer, role)
    if role.role is Role.APPLICANT:
        raise Invalid(Problem("role", "“办事人”不是工作人员的角色"))
    if clash := conflicting(role.role, (grant.role for grant in held.roles)):
        raise RolesExclude(role=ROLE_NAMES[role.role], held=ROLE_NAMES[clash])
    added = work.run(
        """
        insert into identity.role_grant (officer, role, department, region, granted_by, granted_at)
        values (%(officer)s, %(role)s, %(department)s, %(region)s, %(by)s, %(now)s)
        on conflict do nothing
        """,
        officer=officer,
        role=role.role,
        department=role.department,
        region=role.region,
        by=work.actor.id,
        now=work.now,
    )
    if added:
        work.record(RoleGranted(officer, role.role, role.department, role.region))
    return officers.officer(work, id=officer)


def revoke_role(work: Work, *, officer: str, role: RoleGrant) -> Officer:
    """Take a role back. It ends with the officer's next click.

    :raises Forbidden: if it lies beyond the actor's own reach, or the actor is the officer.
    """
    _locked(work, officer, role)
    removed = work.run(
        """
        delete from identity.role_grant
         where officer = %(officer)s and role = %(role)s
           and department = %(department)s and region = %(region)s
        """,
        officer=officer,
        role=role.role,
        department=role.department,
        region=role.region,
    )
    if removed:
        work.record(RoleRevoked(officer, role.role, role.department, role.region))
    return officers.officer(work, id=officer)


def _locked(work: Work, officer: str, role: RoleGrant) -> Officer:
    """Return the officer, held until the transaction ends so that two grants see one another."""
    region = role.region
    if role.department:
        region = places.department(work, code=role.department).region
    elif region:
        region = places.region(work, code=region).code
    work.actor.must("identity.manage", department=role.department, region=region)
    if officer == work.actor.id:
        raise OwnRights(permission="identity.manage")
    if not work.run("select from identity.officer where id = %(id)s for update", id=officer):
        raise NoSuchOfficer(id=officer)
    with work.acting_as(SYSTEM):
        return officers.officer(work, id=officer)
