"""How many services there are: counted beside the index, the same as PostgreSQL counts them."""

from dataclasses import replace

import pytest

from given import Given
from tongban import catalogue
from tongban.catalogue import By, Filter
from tongban.catalogue.finding import live
from tongban.catalogue.finding.loading import follow, load
from tongban.catalogue.finding.sums import Tally
from tongban.catalogue.queries import counts as counted_now
from tongban.catalogue.queries import derived_counts as derived_now
from tongban.foundation.work import Work

PERSON, BUSINESS = catalogue.Audience.PERSON, catalogue.Audience.BUSINESS


@pytest.fixture(autouse=True)
def some(given: Given) -> None:
    given.item(name="甲", code="a", region="990000", themes=("户籍", "出境"), audience=PERSON)
    given.item(name="乙", code="b", region="990100", themes=("户籍",), audience=BUSINESS)
    given.item(name="丙", code="c", region="990102", kind="07", kind_name="行政确认")
    given.item(name="丁", code="d", region="990102", themes=("出境",))
    given.item(name="戊", code="e", region="880100", status=catalogue.Status.CANCELLED)


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize(
    "only",
    [
        Filter(),
        Filter(at="990102"),
        Filter(region="990100"),
        Filter(audience="person"),
        Filter(theme="户籍"),
        Filter(kind="07", at="990102"),
        Filter(theme="出境", audience="business"),
        Filter(department="nobody"),
        Filter(listed="online"),
    ],
)
def test_the_tally_counts_what_postgresql_counts(work: Work, by: By, only: Filter) -> None:
    expected = counted_now(work, by=by, only=only)
    assert sorted(Tally.take(work).counts(by, only), key=repr) == sorted(expected, key=repr)


def test_the_lists_derived_by_rule_are_counted_too(work: Work) -> None:
    expected = derived_now(work)
    assert sum(expected.values()) > 0
    with live.using(load(work)):
        assert catalogue.derived_counts(work) == expected


def test_a_list_that_the_tally_does_not_know_is_counted_by_postgresql(work: Work) -> None:
    only = Filter(power="P-1")
    with live.using(load(work)):
        assert catalogue.counts(work, by=By.REGION, only=only) == []
        assert sum(one.items for one in catalogue.counts(work, by=By.REGION)) == 4


def test_the_tally_follows_publications_but_not_all_the_time(work: Work, given: Given) -> None:
    loaded = load(work)
    assert loaded.tally
    given.item(name="己", code="f", region="770000")
    busy = replace(loaded.tally, seconds=3600.0, known={})
    waiting = busy.followed(work, regions=["770000"])
    assert waiting.behind == {"770000"}
    assert waiting.counts(By.REGION, Filter()) == busy.counts(By.REGION, Filter())
    idle = replace(waiting, seconds=0.0, known={})
    counted = idle.followed(work, regions=[])
    assert "770000" in {one.code for one in counted.counts(By.REGION, Filter())}
    assert not counted.behind
    assert counted.followed(work, regions=[]) is counted
    with live.using(follow(work, load(work))):
        assert "770000" in {one.code for one in catalogue.counts(work, by=By.REGION)}


@pytest.mark.parametrize("by", By)
def test_only_the_places_are_counted_again_where_something_was_published(
    work: Work, given: Given, by: By
) -> None:
    tally = replace(Tally.take(work), seconds=0.0)
    given.item(name="丙", code="c", region="990102", kind="05", kind_name="行政给付")
    given.item(name="庚", code="g", region="660000", themes=("住房",))
    followed = tally.followed(work, regions=["990102"])
    here, there = Filter(region="990102"), Filter(region="660000")
    expected = counted_now(work, by=by, only=here)
    assert sorted(followed.counts(by, here), key=repr) == sorted(expected, key=repr)
    assert not followed.counts(by, there)
    everything = followed.followed(work, regions=[""]).counts(by, Filter())
    assert sorted(everything, key=repr) == sorted(counted_now(work, by=by, only=Filter()), key=repr)


SCOPES = [
    {"departments": (), "regions": ("",)},
    {"departments": (), "regions": ("99",)},
    {"departments": (), "regions": ("990102",)},
    {"departments": ("D-1",), "regions": ("8801",)},
]


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_rare_is_found_where_the_counts_tell(
    work: Work, given: Given, scope: dict[str, tuple[str, ...]]
) -> None:
    given.item(name="辛", code="h", region="990102", department="D-1", themes=("其他",))
    given.item(name="壬", code="i", region="770000", department="D-1", themes=("户籍",))
    wanted = Filter(theme="户籍")
    plain = [one.code for one in catalogue.matching(work, only=wanted, limit=9, **scope)]
    bare = [one.code for one in catalogue.bare_of_theme(work, **scope)]
    with live.using(load(work)):
        told = [one.code for one in catalogue.matching(work, only=wanted, limit=9, **scope)]
        assert sorted(told) == sorted(plain)
        assert [one.code for one in catalogue.bare_of_theme(work, **scope)] == bare
        assert len(catalogue.bare_of_theme(work, **scope, limit=1)) == min(1, len(bare))
    if scope["regions"] == ("",):
        assert (plain, set(bare)) == (["a", "b", "i"], {"c", "h"})


def test_the_lists_beside_the_services_are_counted_with_them(work: Work, given: Given) -> None:
    given.item(charged=True, fees=(catalogue.Fee("工本费", basis="价目"),))
    expected = catalogue.entry_counts(work)
    with live.using(load(work)):
        assert (catalogue.fee_count(work), catalogue.entry_counts(work)) == (1, expected)
        given.item(charged=True, fees=(catalogue.Fee("工本费", basis="价目"),))
        assert catalogue.fee_count(work) == 1  # For a minute.
    assert catalogue.fee_count(work) == 2
