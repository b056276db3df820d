"""``tongban process``: running instances moved from version to version, from the command line."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click

from tongban import process as processes
from tongban.foundation.work import Work
from tongban.main import install, settings
from tongban.main.language import LANGUAGE

SOME_STAY = 2


@click.group("process")
def process() -> None:
    """Move running cases to another version of their process (办理中的办件换版本)."""


@process.command()
@click.argument("code")
@click.option("--from", "source", type=int, required=True, help="The version they run in.")
@click.option("--to", "target", type=int, required=True, help="The version they are to run in.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="OLD=NEW",
    help="A step of the old version and what it becomes; OLD= for nothing. May be repeated.",
)
@click.option("--carry-out", is_flag=True, help="Move them; without it nothing is changed.")
@click.option("--reason", default="", help="Why; goes into the history of each case.")
@LANGUAGE
def migrate(
    code: str, source: int, target: int, maps: tuple[str, ...], language: str, **how: str
) -> None:
    """Move the running cases of process CODE from one version to another.

    Without --carry-out this is a dry run: it prints each case that cannot be moved, and why. Steps
    are matched by id, then by name; --map says otherwise. Cases that cannot be moved stay in the
    old version and go on there. `tongban process revert` brings back those that nobody has touched.

    \b
    The last line is one JSON object with the counts and the number of the migration.
    Ends with 0 if every case can be moved or was, 2 if some cannot, 1 if nothing was done.

    \b
    tongban process migrate benefit --from 1 --to 2
    tongban process migrate benefit --from 1 --to 2 --map check=review --carry-out --reason "..."
    """
    with _address() as url:
        with install.open_work(url) as work:
            old, new = (_version(work, code, one) for one in (source, target))
            nodes = _mapping(processes.propose_migration(work, source=old, target=new), maps)
        told = {"process": code, "from": source, "to": target}
        if how["carry_out"]:
            with install.open_work(url) as work:
                number = processes.migrate(
                    work, source=old, target=new, nodes=nodes, reason=how["reason"]
                )
            _end(told | _carried(url, number), url, number, language)
        counts, troubles = _tried(url, old, new, nodes, language)
        _say(told | counts | {"problems": _by_reason(troubles)}, stay=counts["cannot_move"])


@process.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; goes into the history of each case.")
@LANGUAGE
def revert(number: int, reason: str, language: str) -> None:
    """Bring back the cases that the migration of this NUMBER moved and nobody has touched since.

    The last line is one JSON object. Ends with 0, or 2 if some cases stay in the new version.
    """
    with _address() as url:
        with install.open_work(url) as work:
            processes.revert(work, migration=number, reason=reason)
        _end({}, url, number, language, already=_carried(url, number))


@process.command("follow-calendar")
def follow_calendar() -> None:
    """Let due dates follow the calendar that were counted before it was kept how.

    Needed once, after an upgrade from before migration 0031; again it finds nothing. The limit of a
    step or timer is taken from its definition. Dates that cannot be told stay as they are.

    \b
    The last line is one JSON object: how many follow now, and how many stay.
    """
    follow = 0
    with _address() as url:
        while True:
            with install.open_work(url) as work:
                found = processes.let_older_follow(work)
            follow += found.follow
            if not found.more:
                break
    click.echo(json.dumps({"follow": follow, "stay": found.left}))


@contextmanager
def _address() -> Iterator[str]:
    from tongban.main import wiring

    with install.database(settings.read()) as configured:
        wiring.connect()
        yield configured.database_url


def _version(work: Work, code: str, version: int) -> int:
    return processes.published(work, process=code, version=version).line.id


def _mapping(pairs: tuple[processes.Pair, ...], maps: tuple[str, ...]) -> dict[str, str]:
    nodes = {one.node: one.to for one in pairs if one.to}
    for said in maps:
        old, sign, new = said.partition("=")
        if not sign or not old:
            raise click.BadParameter(
                f"“{said}”应写成 旧环节=新环节 / is not OLD=NEW", param_hint="--map"
            )
        nodes[old.strip()] = new.strip()
    return nodes


def _tried(
    url: str, source: int, target: int, nodes: dict[str, str], language: str
) -> tuple[dict[str, int], Counter[str]]:
    """Look at every instance, a part in a transaction of its own, and print what cannot move."""
    with install.open_work(url) as work:
        total = processes.running_of(work, definitions=[source]).get(source, 0)
    checked, after, troubles = 0, None, Counter[str]()
    with click.progressbar(length=total, label="试算 / dry run", file=sys.stderr) as bar:
        while True:
            with install.open_work(url) as work:
                part = processes.dry_run(
                    work, source=source, target=target, nodes=nodes, after=after
                )
            for one in part.troubled:
                why = one.problems[0].said(language)
                troubles[why] += 1
                click.echo(f"{one.instance.number}\t{why}")
            checked += part.checked
            bar.update(part.checked)
            after = part.after
            if after is None:
                break
    stay = troubles.total()
    return {"instances": checked, "can_move": checked - stay, "cannot_move": stay}, troubles


def _carried(url: str, number: int) -> dict[str, int]:
    """Carry out what was asked, part by part, each committed; a worker may do parts of it too."""
    line = _line(url, number)
    total = line.moved if line.state == "reverting" else line.total
    with click.progressbar(length=total, label="迁移 / moving", file=sys.stderr) as bar:
        seen, more = 0, True
        while more:
            with install.open_work(url) as work:
                more = processes.go_on_migrating(work, migration=number)
            line = _line(url, number)
            more = more or line.under_way
            done = line.reverted if line.state in ("reverting", "reverted") else line.done
            bar.update(done - seen)
            seen = done
    return {
        "migration": number,
        "instances": line.total,
        "moved": line.moved,
        "cannot_move": line.refused,
        "reverted": line.reverted,
    }


def _end(
    told: dict[str, object],
    url: str,
    number: int,
    language: str,
    *,
    already: dict[str, int] | None = None,
) -> None:
    told = told | (already or {})
    line = _line(url, number)
    with install.open_work(url) as work:
        found = processes.migration_obstacles(work, migration=number)
    reasons = Counter({one.problem.said(language): one.count for one in found})
    stay = line.moved - line.reverted if line.state == "reverted" else line.refused
    _say(told | {"problems": _by_reason(reasons)}, stay=stay)


def _by_reason(troubles: Counter[str]) -> list[dict[str, object]]:
    return [{"reason": why, "count": count} for why, count in troubles.most_common()]


def _say(told: dict[str, object], *, stay: int) -> None:
    click.echo(json.dumps(told, ensure_ascii=False))
    sys.exit(SOME_STAY if stay else 0)


def _line(url: str, number: int) -> processes.MigrationLine:
    with install.open_work(url) as work:
        found = processes.migration(work, migration=number)
    if found is None:
        raise processes.NoSuchMigration(id=number)
    return found
