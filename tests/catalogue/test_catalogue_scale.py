"""Lists that end after a page at a million services: each is read along an index in its order."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, LiteralString

import pytest

from given import Given
from tongban import catalogue
from tongban.catalogue import Filter
from tongban.foundation.db import Db
from tongban.foundation.work import Work


class Plans(Db):
    """Asks PostgreSQL how it would answer a question, instead of asking it."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.seen = ""

    def all(self, row: type[Any], sql: LiteralString, **values: object) -> list[Any]:
        del row
        self.seen += str(self.work.value("explain (format json) " + sql, **values))
        return []

    def value(self, sql: LiteralString, **values: object) -> Any:
        self.all(object, sql, **values)
        return 0


CITY: dict[str, Any] = {"departments": ("D-1",), "regions": ("9901",)}
ASKED: dict[str, tuple[Callable[[Any], object], tuple[str, ...]]] = {
    "drafts": (
        lambda db: catalogue.drafts(db, **CITY),
        ("draft_open_department", "draft_open_region"),
    ),
    "sets": (lambda db: catalogue.draft_sets(db, **CITY), ("draft_set_region",)),
    "notices": (
        lambda db: catalogue.notices(db, **CITY),
        ("notice_open", "notice_open_region"),
    ),
    "words": (lambda db: catalogue.words_added(db, **CITY), ("everyday_word_region",)),
    "questions in vain": (catalogue.misses, ("search_miss_worst",)),
    "fees": (catalogue.fees, ("fee_name",)),
    "fees of a department": (lambda db: catalogue.fees(db, department="D-1"), ("fee_department",)),
    "fees of services called so": (
        lambda db: catalogue.fees(db, text="食品"),
        ("fee_name",),
    ),
    "what is put forward here": (
        lambda db: catalogue.popular(db, only=Filter(at="990102")),
        ("item_prominent", "item_region"),
    ),
    "what is offered here": (
        lambda db: catalogue.browse(db, only=Filter(at="990102")),
        ("item_region",),
    ),
    "services of a power": (
        lambda db: catalogue.browse(db, only=Filter(power="P-1")),
        ("item_power",),
    ),
    "services for a change of many": (
        lambda db: catalogue.matching(db, only=Filter(), limit=200, **CITY),
        ("item_region", "item_department"),
    ),
    "findings over time": (
        lambda db: catalogue.linted_days(db, since=db.work.today, regions=("99",)),
        ("lint_day_unit",),
    ),
    "rows of a batch": (lambda db: catalogue.batch_rows(db, number="1"), ("exchange_row_pkey",)),
}


SOUGHT = ("services of a power", "findings over time")  # Found by their values, sorted afterwards.


def emptied(work: Work) -> None:
    """Take away what other tests have left in the files of the tables, by which plans differ."""
    work.run("reset role")
    work.run("set local session_replication_role = replica")
    work.run(
        """
        do $$ begin
            execute 'truncate ' || (select string_agg(format('%%I.%%I', schemaname, tablename), ',')
                                      from pg_tables where schemaname = 'catalogue');
        end $$
        """
    )
    work.run("set local session_replication_role = origin")
    work.run("set local role tongban_app")


@pytest.mark.parametrize("asked", ASKED)
def test_the_list_has_an_index_in_its_order(work: Work, asked: str) -> None:
    ask, indexes = ASKED[asked]
    plans = Plans(work)
    emptied(work)
    # Over empty tables nothing but these settings would show whether an index fits.
    with work.in_index_order():
        ask(plans)
    if asked in SOUGHT:
        plans.seen = ""
        work.run("set local enable_seqscan = off")
        ask(plans)
    read = set(re.findall("'Index Name': '([a-z_]+)'", plans.seen))
    assert read >= set(indexes)


def test_zones_count_by_place_department_theme_and_words(work: Work, given: Given) -> None:
    for number, (name, region, theme) in enumerate(
        [
            ("残疾人证", "990100", "证件"),
            ("护照", "990102", "证件"),
            ("残疾人补贴", "880100", "救助"),
        ]
    ):
        given.item(code=f"z{number}", name=name, region=region, themes=(theme,))
    for code, rule in {
        "theme": {"theme": "证件"},
        "words": {"words": ("残疾", "护照")},
        "both": {"theme": "证件", "words": ("残疾",)},
        "hand": {"items": ("z2", "z0")},
        "more": {"items": ("z1",), "words": ("残疾",)},
    }.items():
        zone = catalogue.Zone(code=code, kind=catalogue.ZoneKind.ZONE, title=code)
        catalogue.save_zone(work, zone=replace(zone, **rule), new=True)

    def number(*regions: str) -> dict[str, int]:
        return {one.code: one.services for one in catalogue.zones(work, regions=regions)}

    def codes(zone: str, *regions: str) -> list[str]:
        return [one.code for one in catalogue.zone_items(work, code=zone, regions=regions)]

    assert number() == {"theme": 2, "words": 3, "both": 1, "hand": 2, "more": 3}
    assert number("990100", "990000") == {"theme": 1, "words": 1, "both": 1, "hand": 1, "more": 1}
    assert codes("hand") == ["z2", "z0"]
    assert codes("more") == ["z1", "z2", "z0"]
    assert codes("more", "990100") == ["z0"]
    assert codes("words", "990102") == ["z1"]
