"""Divisions and departments. They are public, so no actor is needed to read them."""

from tongban.foundation.db import Db
from tongban.identity.model.places import (
    Department,
    NoSuchDepartment,
    NoSuchRegion,
    Region,
    prefix_of,
)


def region(db: Db, *, code: str) -> Region:
    """Return a division, also one whose provisional code has been replaced since.

    :raises NoSuchRegion: if the code is unknown.
    """
    found = db.one(
        Region,
        """
        select code, name, level, coalesce(parent, '') as parent, full_name, provisional_code
          from identity.region
         where code = %(code)s
        """,
        code=code,
    )
    if found is None:
        raise NoSuchRegion(code=code)
    return found


def regions(db: Db, *, within: str = "", level: int | None = None) -> list[Region]:
    """Return the divisions within one (itself included), of one level or of all, by code."""
    return db.all(
        Region,
        """
        select code, name, level, coalesce(parent, '') as parent, full_name, provisional_code
          from identity.region
         where code like %(prefix)s || '%%'
           and replaced_by is null
           and (%(level)s::int is null or level = %(level)s)
         order by code
        """,
        prefix=prefix_of(within) if within else "",
        level=level,
    )


def region_named(db: Db, *, name: str) -> Region | None:
    """Return the division of exactly this full name, such as "广西壮族自治区防城港市"."""
    return db.one(
        Region,
        """
        select code, name, level, coalesce(parent, '') as parent, full_name, provisional_code
          from identity.region
         where full_name = %(name)s and replaced_by is null
        """,
        name=name,
    )


def department(db: Db, *, code: str) -> Department:
    """Return a department.

    :raises NoSuchDepartment: if the code is unknown.
    """
    found = db.one(
        Department,
        """
        select code, name, region, credit_code, telephone, kind
          from identity.department
         where code = %(code)s
        """,
        code=code,
    )
    if found is None:
        raise NoSuchDepartment(code=code)
    return found


def department_named(db: Db, *, name: str, region: str) -> Department | None:
    """Return the department of exactly this name in exactly this region."""
    return db.one(
        Department,
        """
        select code, name, region, credit_code, telephone, kind
          from identity.department
         where region = %(region)s and name = %(name)s
        """,
        region=region,
        name=name,
    )


def departments(db: Db, *, region: str = "") -> list[Department]:
    """Return the departments of a region and of all within it; of every region if it is empty."""
    return db.all(
        Department,
        """
        select code, name, region, credit_code, telephone, kind
          from identity.department
         where region like %(prefix)s || '%%'
         order by region, code
        """,
        prefix=prefix_of(region) if region else "",
    )
