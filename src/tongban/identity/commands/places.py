"""Divisions and departments come to be known."""

import unicodedata
from collections.abc import Iterator

from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.identity.events import DepartmentAdded, RegionAdded
from tongban.identity.model.numbers import credit_code_problem, plain
from tongban.identity.model.places import (
    Department,
    NoSuchRegion,
    Region,
    above,
    level_of,
    level_of_code,
    provisional_code,
)
from tongban.identity.queries import places


def add_region(work: Work, *, region: Region) -> Region:
    """Add a division, or bring the name and place of a known one up to date.

    ``full_name`` is put together from the parent's where it is empty.

    :raises NoSuchRegion: if the parent is unknown.
    """
    work.actor.must("identity.manage", department="", region=region.code)
    above = places.region(work, code=region.parent).full_name if region.parent else ""
    changed = work.run(
        """
        insert into identity.region (code, name, full_name, level, parent, provisional_code)
        values (%(code)s, %(name)s, %(full_name)s, %(level)s, nullif(%(parent)s, ''),
                %(provisional)s)
        on conflict (code) do update
           set name = excluded.name, full_name = excluded.full_name, level = excluded.level,
               parent = excluded.parent
         where (region.name, region.full_name, region.level, region.parent)
               is distinct from
               (excluded.name, excluded.full_name, excluded.level, excluded.parent)
        """,
        code=region.code,
        name=region.name,
        full_name=region.full_name or above + region.name,
        level=region.level,
        parent=region.parent,
        provisional=region.provisional_code,
    )
    if changed:
        work.record(RegionAdded(region.code, region.name, region.provisional_code))
    return places.region(work, code=region.code)


def ensure_region(work: Work, *, name: str, code: str = "") -> Region:
    """Return the division of this official code, or of this full name ("广西壮族自治区防城港市").

    With a ``code`` of six digits (GB/T 2260) the name counts only if the division is not known; it
    may then be empty, and the code stands for it until the divisions are imported.

    Without a code, a division that is not known is added with a provisional one (980001-989999,
    which no division uses), below the known division whose full name its own begins with. The
    official code replaces it when the divisions are imported.

    :raises Invalid: if the code is malformed, or if both are empty.
    """
    work.actor.must("catalogue.import")
    if code:
        return _ensure_coded(work, name=name, code=code)
    name = _tidy(name, "region", "缺少行政区划名称")
    if found := places.region_named(work, name=name):
        return found
    work.actor.must("catalogue.import", department="", region="")
    parent = work.one(
        Region,
        """
        select code, name, level, coalesce(parent, '') as parent, full_name, provisional_code
          from identity.region
         where starts_with(%(name)s, full_name) and full_name <> %(name)s and replaced_by is null
         order by length(full_name) desc
         limit 1
        """,
        name=name,
    )
    short = name.removeprefix(parent.full_name) if parent else name
    code = provisional_code(work.value("select nextval('identity.provisional_region')"))
    added = work.run(
        """
        insert into identity.region (code, name, full_name, level, parent, provisional_code)
        values (%(code)s, %(short)s, %(name)s, %(level)s, %(parent)s, true)
        on conflict (full_name) where replaced_by is null do nothing
        """,
        code=code,
        short=short,
        name=name,
        level=level_of(short),
        parent=parent.code if parent else None,
    )
    if added:
        work.record(RegionAdded(code, name, provisional=True))
    found = places.region_named(work, name=name)
    assert found, "just added, or by somebody else a moment before"
    return found


def _ensure_coded(work: Work, *, name: str, code: str) -> Region:
    """Return the division of an official code, below the nearest known one."""
    try:
        return places.region(work, code=code)
    except NoSuchRegion:
        pass
    if not (len(code) == 6 and code.isascii() and code.isdigit()) or code.startswith("98"):
        raise Invalid(
            Problem("region_code", "区划代码应为6位数字，不能是“{code}”", {"code": code[:20]})
        )
    work.actor.must("catalogue.import", department="", region=code)
    name = _tidy(name or code, "region", "缺少行政区划名称")
    if found := places.region_named(work, name=name):
        return found
    known = {region.code: region for region in places.regions(work, within=code[:2] + "0000")}
    parent = next((known[one] for one in above(code) if one in known), None)
    prefix = parent.full_name if parent else ""
    region = Region(
        code,
        name.removeprefix(prefix) or name,
        level_of_code(code),
        parent.code if parent else "",
        name if name.startswith(prefix) else prefix + name,
    )
    added = work.run(
        """
        insert into identity.region (code, name, full_name, level, parent)
        values (%(code)s, %(name)s, %(full_name)s, %(level)s, nullif(%(parent)s, ''))
        on conflict do nothing
        """,
        code=code,
        name=region.name,
        full_name=region.full_name,
        level=region.level,
        parent=region.parent,
    )
    if added:
        work.record(RegionAdded(code, region.name, provisional=False))
        return region
    return places.region_named(work, name=region.full_name) or places.region(work, code=code)


def add_department(work: Work, *, department: Department) -> Department:
    """Add a department under a code of one's own choice, or update one that is known.

    :raises Invalid: if its name is empty or its credit code malformed.
    :raises NoSuchRegion: if its region is unknown.
    """
    work.actor.must("identity.manage", department=department.code, region=department.region)
    name = _tidy(department.name, "name", "请填写部门名称")
    credit_code = plain(department.credit_code)
    if credit_code and (problem := credit_code_problem(credit_code)):
        raise Invalid(problem)
    places.region(work, code=department.region)
    changed = work.run(
        """
        insert into identity.department (code, name, region, credit_code, telephone, kind)
        values (%(code)s, %(name)s, %(region)s, %(credit_code)s, %(telephone)s, %(kind)s)
        on conflict (code) do update
           set name = excluded.name, region = excluded.region, kind = excluded.kind,
               credit_code = excluded.credit_code, telephone = excluded.telephone
         where (department.name, department.region, department.credit_code, department.telephone,
                department.kind)
               is distinct from
               (excluded.name, excluded.region, excluded.credit_code, excluded.telephone,
                excluded.kind)
        """,
        code=department.code,
        name=name,
        region=department.region,
        credit_code=credit_code,
        telephone=department.telephone,
        kind=department.kind,
    )
    if changed:
        work.record(DepartmentAdded(department.code, name, department.region))
    return places.department(work, code=department.code)


def ensure_department(work: Work, *, name: str, region: str, credit_code: str = "") -> Department:
    """Return the department of this name in this region (a code), which is added where needed.

    Its code is its unified credit code if that is given and free, else ``D-<region>-<nnn>``.

    :raises Invalid: if the name is empty or the credit code malformed.
    :raises NoSuchRegion: if the region is unknown.
    """
    work.actor.must("catalogue.import")
    name = _tidy(name, "department", "缺少部门名称")
    if found := places.department_named(work, name=name, region=region):
        return found
    credit_code = plain(credit_code)
    if credit_code and (problem := credit_code_problem(credit_code)):
        raise Invalid(problem)
    places.region(work, code=region)
    work.actor.must("catalogue.import", department="", region=region)
    for code in _codes(work, region, credit_code):
        added = work.run(
            """
            insert into identity.department (code, name, region, credit_code)
            values (%(code)s, %(name)s, %(region)s, %(credit_code)s)
            on conflict do nothing
            """,
            code=code,
            name=name,
            region=region,
            credit_code=credit_code,
        )
        if added:
            work.record(DepartmentAdded(code, name, region))
        if found := places.department_named(work, name=name, region=region):
            return found
    raise AssertionError("a department code was given out twice")


def _codes(work: Work, region: str, credit_code: str) -> Iterator[str]:
    """Return the codes to try: a credit code may already stand for another name."""
    if credit_code:
        yield credit_code
    yield _next_code(work, region)


def _next_code(work: Work, region: str) -> str:
    """Return a department code that was never given out; two transactions wait for one another."""
    number = work.value(
        """
        update identity.region set departments_numbered = departments_numbered + 1
         where code = %(region)s
        returning departments_numbered
        """,
        region=region,
    )
    return f"D-{region}-{number:03}"


def _tidy(name: str, field: str, missing: str) -> str:
    """Return an official name with its blanks in order; nothing else of it is changed."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise Invalid(Problem(field, missing))
    return name
