"""Publishing services: versions, what counts as a change, and two people at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
import pytest

from conftest import MONDAY, as_application
from given import Given
from tongban import catalogue
from tongban.catalogue import queries
from tongban.catalogue.model.content import content_hash, decode, encode
from tongban.foundation.actor import ANONYMOUS, SYSTEM, Actor, Grant
from tongban.foundation.errors import Forbidden, SignInNeeded
from tongban.foundation.work import Work


def test_a_new_service_is_version_one_from_today(work: Work, given: Given) -> None:
    item = given.item(name="食品经营许可")

    held = catalogue.item(work, code=item.code)

    assert held == item
    assert (held.name, held.version, held.effective_from) == ("食品经营许可", 1, date(2024, 6, 3))


def test_the_same_content_again_changes_nothing(work: Work, given: Given) -> None:
    item = given.item()

    again = catalogue.publish(work, item=replace(item, version=0, effective_from=None))

    assert again == item
    assert [v.version for v in catalogue.versions(work, code=item.code)] == [1]
    assert published(work, item.code) == [1]


def test_new_content_is_a_new_version_and_the_old_one_stays(work: Work, given: Given) -> None:
    first = given.item(promised=catalogue.Limit(10))

    second = catalogue.publish(work, item=replace(first, promised=catalogue.Limit(5)))

    assert second.version == 2
    assert catalogue.item(work, code=first.code).promised == catalogue.Limit(5)
    assert catalogue.item(work, code=first.code, version=1) == first
    assert [v.version for v in catalogue.versions(work, code=first.code)] == [2, 1]
    assert published(work, first.code) == [1, 2]


def test_back_to_earlier_content_is_still_a_new_version(work: Work, given: Given) -> None:
    first = given.item(name="甲")
    catalogue.item(work, code=first.code)
    catalogue.publish(work, item=replace(first, name="乙"))

    catalogue.publish(work, item=first)

    assert catalogue.item(work, code=first.code).version == 3
    assert catalogue.item(work, code=first.code).name == "甲"


def test_a_version_cannot_be_rewritten(work: Work, given: Given) -> None:
    given.item()

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        work.run("update catalogue.item_version set content = '{}'")


def test_what_was_rolled_back_is_not_remembered(work: Work, given: Given) -> None:
    item = given.item(name="先前的名称")
    with work.savepoint():
        catalogue.publish(work, item=replace(item, name="没有提交的名称"))
        assert catalogue.item(work, code=item.code).name == "没有提交的名称"
        raise psycopg.Rollback

    assert catalogue.item(work, code=item.code).name == "先前的名称"
    catalogue.publish(work, item=replace(item, name="提交的名称"))
    assert catalogue.item(work, code=item.code, version=2).name == "提交的名称"


def test_an_unknown_service_or_version_is_not_found(work: Work, given: Given) -> None:
    item = given.item()

    with pytest.raises(catalogue.NoSuchItem, match="没有编码为 X-1 的事项"):
        catalogue.item(work, code="X-1")
    with pytest.raises(catalogue.NoSuchItem):
        catalogue.item(work, code=item.code, version=2)


def test_only_cataloguers_of_the_department_publish(work: Work, given: Given) -> None:
    item = given.item(department="D-1", region="990100")
    edit = frozenset({"catalogue.import"})
    own = Actor("o-1", "编目员", grants=(Grant(edit, department="D-1"),))
    other = Actor("o-2", "编目员", grants=(Grant(edit, department="D-2"),))

    with work.acting_as(other), pytest.raises(Forbidden):
        catalogue.publish(work, item=replace(item, name="别的部门改的"))
    with work.acting_as(own):
        assert catalogue.publish(work, item=replace(item, name="本部门改的")).version == 2


def test_a_visitor_is_asked_to_sign_in(work: Work, given: Given) -> None:
    item = given.item()
    with work.acting_as(ANONYMOUS), pytest.raises(SignInNeeded):
        catalogue.publish_all(work, items=[item])


@pytest.mark.parametrize("known", [False, True], ids=["new service", "new version"])
def test_two_who_publish_at_once_make_two_versions(own_database: str, known: bool) -> None:
    base = catalogue.Item("X-1", "名称", "D-1", "部门", "990100", "云江市")
    if known:
        publish_alone(own_database, base)

    with ThreadPoolExecutor() as people:
        names = [f"名称{i}" for i in range(4)]
        made = list(
            people.map(lambda name: publish_alone(own_database, replace(base, name=name)), names)
        )

    with as_application(own_database) as connection:
        held = [v.version for v in catalogue.versions(Work(connection, **BY_SYSTEM), code="X-1")]
    assert sorted(item.version for item in made) == [v for v in sorted(held) if v > known]
    assert len(held) == 4 + known


def test_two_who_publish_the_same_at_once_make_one_version(own_database: str) -> None:
    item = catalogue.Item("X-1", "名称", "D-1", "部门", "990100", "云江市")

    with ThreadPoolExecutor() as people:
        made = list(people.map(lambda _: publish_alone(own_database, item), range(4)))

    assert {one.version for one in made} == {1}


BY_SYSTEM: dict[str, Any] = {"actor": SYSTEM, "now": MONDAY}


def publish_alone(database: str, item: catalogue.Item) -> catalogue.Item:
    with as_application(database) as connection:
        return catalogue.publish(Work(connection, **BY_SYSTEM), item=item)


def published(work: Work, code: str) -> list[int]:
    return [
        int(version)
        for version in work.value(
            """
            select array_agg(body->>'item_version' order by id) from foundation.event
             where topic = 'catalogue.ItemPublished' and subject = %(code)s
            """,
            code=code,
        )
    ]


def test_content_is_read_back_as_it_was_written() -> None:
    fields = catalogue.schema(catalogue.BASIC)
    item = catalogue.Item(
        code="X-1",
        name="名称“一”\n（二）",
        department="D-1",
        department_name="部门",
        region="990100",
        region_name="云江市",
        version=3,
        effective_from=date(2024, 6, 3),
        audience=catalogue.Audience.PERSON,
        statutory=catalogue.Limit(1, catalogue.Unit.MONTH),
        materials=(catalogue.Material(key="a", name="甲", need=catalogue.Need.DEFERRABLE),),
        questions=(catalogue.Question("q", "哪种？", (catalogue.Choice("1", "一", ("a",)),)),),
        channels=catalogue.Channels(forms=("窗口办理",)),
        form=fields,
        extra={"未知": [1, None]},
    )

    back = decode(encode(item))

    assert back == item
    assert list(back.form["properties"]) == list(fields["properties"])


def test_the_hash_does_not_depend_on_fields_nobody_used() -> None:
    plain = catalogue.Item("X-1", "名称", "D-1", "部门", "990100", "云江市")

    assert encode(plain) == (
        '{"code":"X-1","name":"名称","department":"D-1","department_name":"部门",'
        '"region":"990100","region_name":"云江市"}'
    )
    assert content_hash(plain) == content_hash(replace(plain, version=7))
    assert content_hash(plain) != content_hash(replace(plain, visits=0))


def test_the_form_keeps_its_order_in_the_database(work: Work, given: Given) -> None:
    keys = ["zz_long_key", "b", "aaa", "c1"]
    fields = tuple(catalogue.Field(key=key, title=key) for key in keys)
    item = given.item(form=catalogue.schema(fields))

    queries.items._cache.clear()
    assert list(catalogue.item(work, code=item.code).form["properties"]) == keys
