"""Plants the demonstration city: fictional, deterministic, and the same however often it is done.

The city is data in ``seed/``: ``city.toml`` (places, departments, halls, people, officers) and
``services/*.toml`` (service guides). Cases are made by the same acts that people use.
"""

import json
import tempfile
import tomllib
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tongban import cases, catalogue, halls, identity, process, rulebook
from tongban.foundation.work import Work
from tongban.main import install, seed_cases
from tongban.main.city import CITY, PASSWORD, city, folder

# Everybody knows this password, so a costly hash would protect nothing.
CHEAP = identity.Cost(cost=16, block_size=1, parallelism=1)


def plant(url: str, *, say: Callable[[str], None]) -> None:
    """Plant what is missing of the city. What is there stays as it is."""
    with install.open_work(url) as work:
        if install.marked(work, "city") is None:
            say("正在建立演示城市 / planting the demonstration city …")
            _places(work)
            _officers(work)
            _people(work)
            install.mark(work, "city", install.fingerprint((folder() / "city.toml").read_bytes()))
    with install.open_work(url) as work:
        services, planted = _services_fingerprint(), install.marked(work, "services")
    if planted != services:
        published = _publish_services(url)
        say(f"已发布服务 / services published: {published}")
        with install.open_work(url) as work:
            install.mark(work, "services", services)
    _plant_lists(url, say)
    _plant_courses(url, say)
    with install.open_work(url) as work:
        if install.marked(work, "cases") is None:
            made = seed_cases.play(work, cast=_cast(work))
            install.mark(work, "cases", str(made))
            say(f"已建立演示办件 / demonstration cases: {made}")
    # After the cases, which are to stand at every stage, and not all be granted at once.
    with install.open_work(url) as work:
        if install.marked(work, "rules") is None:
            tables = [_planted(work, file) for file in sorted((folder() / "rules").glob("*.toml"))]
            install.mark(work, "rules", str(len(tables)))
            say(f"已发布裁决规则 / rule tables published: {len(tables)}")


def _plant_lists(url: str, say: Callable[[str], None]) -> None:
    """Publish the lists beside the services, where they are new or have changed."""
    files = sorted((folder() / "lists").glob("*.toml"))
    told = install.fingerprint(b"\0".join(file.read_bytes() for file in files))
    with install.open_work(url) as work:
        if install.marked(work, "lists") == told:
            return
        read = [
            entry
            for file in files
            for entry in catalogue.read_entries(file.read_text(encoding="utf-8"), region=CITY)
        ]
        published = catalogue.publish_entries(work, entries=read)
        install.mark(work, "lists", told)
    say(f"已发布清单条目 / list entries published: {len(published)}")


def _plant_courses(url: str, say: Callable[[str], None]) -> None:
    """Publish the processes of the city, where they are new or have changed, and bind services."""
    place = folder() / "processes"
    told = install.fingerprint(b"\0".join(f.read_bytes() for f in sorted(place.iterdir())))
    courses = tomllib.loads((place / "courses.toml").read_text(encoding="utf-8"))["course"]
    with install.open_work(url) as work:
        if install.marked(work, "courses") == told:
            return
        for row in courses:
            bpmn = (place / f"{row['process']}.bpmn").read_bytes()
            process.publish(work, bpmn=bpmn, department=row["department"], region=CITY)
            for code in row["items"]:
                cases.set_course(work, item_code=code, process_id=row["process"])
        install.mark(work, "courses", told)
    say(f"已发布办理流程 / processes published: {len(courses)}")


def _planted(work: Work, file: Path) -> bool:
    return rulebook.import_table(work, tomllib.loads(file.read_text(encoding="utf-8")))


def _services_fingerprint() -> str:
    """Return what changes whenever the services may come out differently."""
    contents = [file.read_bytes() for file in _service_files()]
    return install.fingerprint(b"\0".join([version("tongban").encode(), *contents]))


def _service_files() -> list[Path]:
    return sorted((folder() / "services").glob("*.toml"))


def _publish_services(url: str) -> int:
    """Publish the services that are new or changed, by the way that imported guides take."""
    with tempfile.TemporaryDirectory() as place:
        lines, rejects = Path(place) / "services.jsonl", Path(place) / "rejected.jsonl"
        with lines.open("w", encoding="utf-8") as out:
            for file in _service_files():
                record = tomllib.loads(file.read_text(encoding="utf-8"))
                record["region"] = city()["full_name"]
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
        report = catalogue.import_guides(
            lambda: install.open_work(url), file=lines, rejects=rejects
        )
        if report.rejected:
            raise ValueError(rejects.read_text(encoding="utf-8"))
    return report.accepted


def _places(work: Work) -> None:
    for row in city()["region"]:
        identity.add_region(
            work,
            region=identity.Region(
                row["code"], row["name"], level=row["level"], parent=row.get("parent", "")
            ),
        )
    for row in city()["department"]:
        identity.add_department(
            work,
            department=identity.Department(
                row["code"], row["name"], CITY, telephone=row["telephone"]
            ),
        )
    for row in city()["hall"]:
        halls.set_hall(work, hall=halls.Hall(**{**row, "windows": tuple(row["windows"])}))


def _officers(work: Work) -> None:
    for row in city()["officer"]:
        home = row.get("department") or row.get("departments", ["AL-ZWSJ"])[0]
        officer = identity.add_officer(work, name=row["name"], department=home)
        role = identity.Role(row["role"])
        wide = identity.RoleGrant(role, region=row.get("region", ""))
        grants = [identity.RoleGrant(role, code) for code in row.get("departments", [])] or [wide]
        for grant in grants:
            identity.grant_role(work, officer=officer.id, role=grant)
        identity.open_account(
            work, subject=officer.id, login=row["login"], password=PASSWORD, cost=CHEAP
        )


def _people(work: Work) -> None:
    organisations = {}
    for row in city()["organisation"]:
        body = row["credit_body"]
        organisations[row["key"]] = identity.add_organisation(
            work,
            organisation=identity.NewOrganisation(
                row["name"],
                body + identity.credit_check_character(body),
                row["legal_representative"],
                row["telephone"],
                row["address"],
            ),
        )
    for row in city()["person"]:
        person = identity.add_person(
            work,
            person=identity.NewPerson(
                row["name"],
                row["id_number"] + identity.resident_check_character(row["id_number"]),
                telephone=row["telephone"],
                address=row["address"],
            ),
        )
        identity.open_account(
            work, subject=person.id, login=row["login"], password=PASSWORD, cost=CHEAP
        )
        for key in row.get("organisations", []):
            identity.authorise(
                work,
                person=person.id,
                organisation=organisations[key].id,
                since=date(2026, 1, 1),
            )


def _cast(work: Work) -> seed_cases.Cast:
    """Find the people of the city again, by what the registers know them by."""
    applicants = {}
    for row in city()["person"]:
        number = row["id_number"] + identity.resident_check_character(row["id_number"])
        found = identity.find_person(work, id_number=number, reason="演示数据")
        applicants[row["login"]] = identity.actor(work, id=found.id)
    organisations = {}
    for row in city()["organisation"]:
        code = row["credit_body"] + identity.credit_check_character(row["credit_body"])
        organisations[row["key"]] = identity.find_organisation(work, credit_code=code).id
    officers = {each.login: identity.actor(work, id=each.id) for each in identity.officers(work)}
    sheets = tomllib.loads((folder() / "answers.toml").read_text(encoding="utf-8"))
    return seed_cases.Cast(applicants, organisations, officers, sheets)
