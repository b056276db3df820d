"""Divisions and departments, made up where the official ones are not known."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from conftest import MONDAY, as_application
from given import Given
from tongban import identity
from tongban.foundation.actor import SYSTEM, Actor
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work
from tongban.identity.model.places import level_of, prefix_of, provisional_code

FANGCHENGGANG = "广西壮族自治区防城港市"


def test_an_unknown_region_is_added_with_a_provisional_code(work: Work) -> None:
    region = identity.ensure_region(work, name=FANGCHENGGANG)

    assert region.provisional_code
    assert region.code.startswith("98")
    assert region.level == 2
    assert identity.ensure_region(work, name=f" {FANGCHENGGANG}\n") == region


def test_it_stands_below_the_region_whose_name_its_own_begins_with(work: Work) -> None:
    guangxi = identity.Region("450000", "广西壮族自治区", level=1)
    identity.add_region(work, region=guangxi)

    region = identity.ensure_region(work, name=FANGCHENGGANG)

    assert (region.name, region.full_name, region.parent) == ("防城港市", FANGCHENGGANG, "450000")


def test_a_known_region_is_found_by_its_full_name(work: Work) -> None:
    identity.add_region(work, region=identity.Region("990000", "云海省", level=1))
    identity.add_region(work, region=identity.Region("990100", "海州市", level=2, parent="990000"))

    assert identity.ensure_region(work, name="云海省海州市").code == "990100"


def test_a_region_without_a_name_is_refused(work: Work) -> None:
    with pytest.raises(Invalid, match="缺少行政区划名称"):
        identity.ensure_region(work, name=" ")


@for_all(st.lists(st.integers(1, 9900), min_size=2, max_size=2, unique=True))
def test_no_provisional_code_lies_within_another(serials: list[int]) -> None:
    one, other = map(provisional_code, serials)

    assert one != other
    assert not prefix_of(one).startswith(prefix_of(other))


def test_provisional_codes_end_some_day_with_a_clear_word() -> None:
    assert provisional_code(9900) == "989999"
    with pytest.raises(OverflowError):
        provisional_code(9901)


@pytest.mark.parametrize(
    ("name", "level"),
    [("云海省", 1), ("上海市", 1), ("海州市", 2), ("嘉定区", 3), ("安居镇", 4), ("和平社区", 5)],
)
def test_the_level_is_guessed_from_the_name(name: str, level: int) -> None:
    assert level_of(name) == level


def test_a_department_is_added_once(work: Work, given: Given) -> None:
    region = given.region().code

    first = identity.ensure_department(work, name="海州市公安局", region=region)
    again = identity.ensure_department(work, name="海州市公安局 ", region=region)
    second = identity.ensure_department(work, name="海州市民政局", region=region)

    assert first == again
    assert (first.code, second.code) == ("D-990100-001", "D-990100-002")


def test_a_department_has_its_credit_code_for_a_code_where_that_is_known(
    work: Work, given: Given
) -> None:
    region = given.region().code
    code = "11990100MB0000001" + identity.credit_check_character("11990100MB0000001")

    named = identity.ensure_department(work, name="海州市公安局", region=region, credit_code=code)
    brother = identity.ensure_department(work, name="海州市消防局", region=region, credit_code=code)

    assert named.code == code
    assert brother.code == "D-990100-001"  # The code stands for another name already.
    assert brother.credit_code == code


def test_a_department_of_an_unknown_region_is_refused(work: Work) -> None:
    with pytest.raises(identity.NoSuchRegion, match="123456"):
        identity.ensure_department(work, name="某局", region="123456")


def test_departments_are_listed_with_those_of_the_regions_within(work: Work, given: Given) -> None:
    given.region()
    identity.add_region(work, region=identity.Region("990102", "新港区", level=3, parent="990100"))
    identity.add_region(work, region=identity.Region("990200", "山城市", level=2))
    of_city = given.department(region="990100", name="海州市公安局")
    of_county = given.department(region="990102", name="新港区公安局")
    given.department(region="990200", name="山城市公安局")

    assert identity.departments(work, region="990100") == [of_city, of_county]
    assert identity.departments(work, region="990102") == [of_county]
    assert len(identity.departments(work)) == 3


def test_somebody_without_the_right_adds_neither(work: Work, given: Given, nobody: Actor) -> None:
    given.region()
    with work.acting_as(nobody):
        with pytest.raises(Forbidden):
            identity.ensure_region(work, name="某省")
        with pytest.raises(Forbidden):
            identity.ensure_department(work, name="某局", region="990100")


def test_a_cataloguer_of_one_department_adds_no_other(work: Work, given: Given) -> None:
    cataloguer = given.officer(role="cataloguer")
    with work.acting_as(cataloguer):
        known = identity.ensure_department(work, name="海州市市场监督管理局", region="990100")
        assert known.code == cataloguer.department
        with pytest.raises(Forbidden):
            identity.ensure_department(work, name="海州市公安局", region="990100")


def test_two_imports_at_once_make_one_region_and_one_department(own_database: str) -> None:
    def place(_: int) -> tuple[str, str]:
        with as_application(own_database) as connection:
            work = Work(connection, actor=SYSTEM, now=MONDAY)
            region = identity.ensure_region(work, name=FANGCHENGGANG)
            unit = identity.ensure_department(work, name="防城港市公安局", region=region.code)
            return region.code, unit.code

    with ThreadPoolExecutor(4) as importers:
        places = set(importers.map(place, range(4)))

    assert len(places) == 1
