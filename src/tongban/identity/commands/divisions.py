"""The official divisions are imported."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.messages import said
from tongban.foundation.work import Work
from tongban.identity.events import DivisionsImported
from tongban.identity.model.divisions import Reject, placed, read_divisions
from tongban.identity.model.places import Region
from tongban.identity.queries import places

SIZE_MAX = 50_000_000  # Bytes; all divisions down to villages are 25 million.


@dataclass(frozen=True, slots=True)
class DivisionReport:
    """What became of the lines of a file: ``read = accepted + unchanged + rejected``.

    ``rejects_file`` has one JSON object a line, with line, field, reason (in Chinese, and
    in English as ``reason_en``) and text.
    """

    read: int
    accepted: int
    unchanged: int
    rejected: int
    rejects_file: str


def import_divisions(work: Work, *, file: Path, rejects: Path) -> DivisionReport:
    """Import divisions from a CSV file with the columns code, name, level and parent_code.

    The same file again changes nothing. A region with a provisional code is replaced by the
    official one of the same full name: it is found and listed under the official code from then
    on, while what was filed under the provisional one stays there.

    :param rejects: where the rejected lines are written; overwritten.
    :raises Invalid: if the file cannot be read at all; nothing is imported then.
    """
    work.actor.must("identity.manage", department="", region="")
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= SIZE_MAX else b""
    except OSError as error:
        problem = Problem("file", "读不到文件：{reason}", {"reason": error.strerror or str(error)})
        raise Invalid(problem) from None
    if size > SIZE_MAX:
        raise Invalid(
            Problem("file", "文件超过{max}MB，请分成几份导入", {"max": SIZE_MAX // 1_000_000})
        )
    divisions, malformed = read_divisions(content)
    known = {region.code: region for region in places.regions(work) if not region.provisional_code}
    regions, misplaced = placed(divisions, known=known)
    _free_names(work, regions)
    accepted = _take_over(work, regions)
    _move_up(work)
    refused = sorted((*malformed, *misplaced), key=lambda reject: reject.line)
    _write(rejects, refused)
    report = DivisionReport(
        read=len(regions) + len(refused),
        accepted=accepted,
        unchanged=len(regions) - accepted,
        rejected=len(refused),
        rejects_file=str(rejects),
    )
    work.record(
        DivisionsImported(
            file.name, report.read, report.accepted, report.unchanged, report.rejected
        )
    )
    return report


def _take_over(work: Work, regions: list[Region]) -> int:
    """Insert or update divisions, and return how many were new or different."""
    return work.run(
        """
        insert into identity.region (code, name, full_name, level, parent)
        select code, name, full_name, level, nullif(parent, '')
          from unnest(%(codes)s::text[], %(names)s::text[], %(full_names)s::text[],
                      %(levels)s::int[], %(parents)s::text[])
               as given (code, name, full_name, level, parent)
        on conflict (code) do update
           set name = excluded.name, full_name = excluded.full_name, level = excluded.level,
               parent = excluded.parent
         where (region.name, region.full_name, region.level, region.parent)
               is distinct from
               (excluded.name, excluded.full_name, excluded.level, excluded.parent)
        """,
        codes=[region.code for region in regions],
        names=[region.name for region in regions],
        full_names=[region.full_name for region in regions],
        levels=[region.level for region in regions],
        parents=[region.parent for region in regions],
    )


def _free_names(work: Work, regions: list[Region]) -> None:
    """Free the full names that are about to be taken: of provisional regions, which the official
    ones replace, and of divisions that are renamed, since two may swap their names.
    """
    codes = [region.code for region in regions]
    full_names = [region.full_name for region in regions]
    work.run(
        """
        update identity.region set replaced_by = given.code
          from unnest(%(codes)s::text[], %(names)s::text[]) as given (code, name)
         where region.full_name = given.name and provisional_code and replaced_by is null
        """,
        codes=codes,
        names=full_names,
    )
    work.run(
        """
        update identity.region set full_name = region.code
          from unnest(%(codes)s::text[], %(names)s::text[]) as given (code, name)
         where region.code = given.code and full_name <> given.name
        """,
        codes=codes,
        names=full_names,
    )


def _move_up(work: Work) -> None:
    """Let what stands below a replaced region stand below the official one."""
    work.run(
        """
        update identity.region below set parent = above.replaced_by
          from identity.region above
         where below.parent = above.code and above.replaced_by is not null
        """
    )


def _write(file: Path, rejects: list[Reject]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        for reject in rejects:
            told = {
                "line": reject.line,
                "field": reject.problem.field,
                "reason": str(reject.problem),
                "reason_en": said(reject.problem, "en"),
                "text": reject.text,
            }
            out.write(msgspec.json.encode(told) + b"\n")
