"""Finding services in the database: where they are offered, and what was published since."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import psycopg
import pytest

from conftest import MONDAY, as_application, beside
from given import Given
from tongban import catalogue
from tongban.catalogue import Asked, Match
from tongban.catalogue.finding import kept, live
from tongban.catalogue.finding.loading import follow, load
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work

Find = Callable[..., list[catalogue.Found]]


@pytest.fixture
def find(work: Work) -> Find:
    """Ask with an index of what the test has published so far."""

    def ask(text: str, **asked: object) -> list[catalogue.Found]:
        with live.using(load(work)):
            return catalogue.find(work, Asked(text, **asked))  # type: ignore[arg-type]

    return ask


def names(found: list[catalogue.Found]) -> list[str]:
    return [one.line.name for one in found]


def regions(found: list[catalogue.Found]) -> list[str]:
    return [one.line.region for one in found]


@pytest.fixture
def everywhere(given: Given) -> None:
    for region in ("990000", "990102", "990103", "880000"):
        given.item(name="社会保障卡申领", region=region, code=f"{region}-card")
    given.item(name="社会保障卡申领", region="990100", code="990100-card")
    given.item(name="护照换发", region="880100", code="880100-passport")


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize(
    ("region", "found"),
    [
        ("990102", "990102"),  # the county itself
        ("990102001", "990102"),  # a township of it
        ("990102001002", "990102"),  # a village of that
        ("990104", "990100"),  # its city, where the county has none
        ("990200", "990000"),  # its province
        ("880100", "880000"),
        ("770000", "880000"),  # nowhere near: the highest there is
        ("", "880000"),
    ],
)
def test_one_service_is_shown_as_its_own_place_offers_it(
    find: Find, region: str, found: str
) -> None:
    assert regions(find("社保卡办理", region=region)) == [found]


@pytest.mark.usefixtures("everywhere")
def test_a_province_is_shown_what_one_of_its_places_offers(find: Find, given: Given) -> None:
    given.item(name="渔船登记", region="990103", code="boat")
    assert regions(find("渔船登记", region="990000")) == ["990103"]


@pytest.mark.usefixtures("everywhere")
def test_what_is_offered_here_comes_before_what_is_offered_elsewhere(
    find: Find, given: Given
) -> None:
    given.item(name="护照补发", region="990100", code="990100-passport")
    assert names(find("护照", region="990100"))[:2] == ["护照补发", "护照换发"]
    assert names(find("护照", region="880100"))[:2] == ["护照换发", "护照补发"]


@pytest.mark.usefixtures("everywhere")
def test_a_place_in_the_question_is_the_place_that_counts(
    find: Find, given: Given, work: Work
) -> None:
    given.region()
    work.run(
        "insert into identity.region (code, name, level, full_name) values"
        " ('880100', '新滨市', 2, '新滨市') on conflict do nothing"
    )
    given.item(name="护照换发", region="990100", code="990100-passport")
    assert regions(find("护照换发", region="990100"))[0] == "990100"
    assert regions(find("新滨市护照换发", region="990100"))[0] == "880100"
    assert regions(find("新滨护照换发", region="990100"))[0] == "880100"


def test_two_items_of_one_name_in_one_place_are_both_shown(find: Find, given: Given) -> None:
    given.item(name="无线电频率使用许可", code="A-1", department="D-1")
    given.item(name="无线电频率使用许可", code="A-2", department="D-2")
    assert [one.line.code for one in find("无线电频率")] == ["A-1", "A-2"]


@pytest.mark.parametrize("asked", ["990100-77A1", "９９０１００－７７Ａ１", "990100-77a1"])
def test_a_code_leads_to_its_item(find: Find, given: Given, asked: str) -> None:
    given.item(name="很少有人找的事项", code="990100-77A1")
    given.item(name="另一事项", code="990100-77A2")
    found = find(asked)
    assert (found[0].line.code, found[0].match) == ("990100-77A1", Match.EXACT)


def test_everyday_words_of_the_catalogue_are_found_too(find: Find, given: Given) -> None:
    given.item(name="商品条码信息查询", everyday_words=("产品信息服务",))
    given.item(name="产品质量信息", code="other")
    found = find("产品信息服务")
    assert (found[0].line.name, found[0].match) == ("商品条码信息查询", Match.EXACT)


def test_nothing_fits_is_answered_with_guesses(find: Find, given: Given) -> None:
    given.item(name="结婚登记")
    found = find("登记一下我的飞碟")
    assert names(found) == ["结婚登记"]
    assert found[0].match is Match.SIMILAR


def test_without_an_index_postgresql_answers(work: Work, given: Given) -> None:
    given.item(name="结婚登记", everyday_words=("领证",))
    assert live.current() is None
    assert names(catalogue.find(work, Asked("领证"))) == ["结婚登记"]


@pytest.mark.parametrize("asked", ["", "  ", "！？", "\0"])
def test_a_question_of_nothing_finds_nothing(find: Find, given: Given, asked: str) -> None:
    given.item()
    assert find(asked) == []


def test_an_empty_catalogue_is_an_empty_answer(find: Find) -> None:
    assert find("身份证") == []


def test_the_index_follows_what_is_published_changed_and_cancelled(
    work: Work, given: Given
) -> None:
    plain = given.item(name="结婚登记", code="A-1")
    given.item(name="离婚登记", code="A-2")
    loaded = load(work)

    def found(text: str) -> list[str]:
        with live.using(loaded):
            return names(catalogue.find(work, Asked(text)))

    given.item(name="收养登记", code="A-3")
    assert "收养登记" not in found("收养登记")
    loaded = follow(work, loaded)
    assert found("收养登记")[0] == "收养登记"

    catalogue.publish(work, item=replace(plain, name="婚姻登记"))
    loaded = follow(work, loaded)
    assert "结婚登记" not in found("结婚登记")
    assert found("婚姻登记")[0] == "婚姻登记"

    cancelled = catalogue.Status.CANCELLED
    catalogue.publish(work, item=replace(plain, name="婚姻登记", status=cancelled))
    loaded = follow(work, loaded)
    assert "婚姻登记" not in found("婚姻登记")
    assert len(loaded.documents) == 2


def test_a_publication_that_commits_late_is_not_missed(own_database: str) -> None:
    """A transaction that began first may commit last: its change is older than what was seen."""
    with _open(own_database) as slow, _open(own_database) as quick, _open(own_database) as reader:
        Given(slow).item(name="慢慢发布的事项", code="S-1")
        Given(quick).item(name="很快发布的事项", code="Q-1", region="880100", department="D-9")
        _commit(quick)
        loaded = load(reader)
        _commit(reader)
        assert {read.document.name for read in loaded.documents.values()} == {"很快发布的事项"}
        _commit(slow)
        loaded = follow(reader, loaded)
        assert len(loaded.documents) == 2


@contextmanager
def _open(url: str) -> Iterator[Work]:
    with as_application(url) as connection:
        yield Work(connection, actor=SYSTEM, now=MONDAY)


def _commit(work: Work) -> None:
    work._connection.commit()


def test_every_process_follows_by_itself_within_seconds(own_database: str) -> None:
    @contextmanager
    def looking() -> Iterator[Work]:
        with psycopg.connect(own_database) as connection:
            yield Work(connection, actor=SYSTEM, now=MONDAY)

    end = live.keep_current(looking)
    try:
        with _open(own_database) as work:
            _until(lambda: live.current() is not None)
            Given(work).item(name="刚刚发布的事项")
            _commit(work)
            _until(lambda: bool(catalogue.find(work, Asked("刚刚发布的事项"))))
    finally:
        end()
    assert live.current() is None


def _until(holds: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_next_process_begins_with_what_was_kept_and_follows_from_there(
    work: Work, given: Given, tmp_path: Path
) -> None:
    def names() -> set[str]:
        loaded = load(work, folder=tmp_path)
        return {read.document.name for read in loaded.documents.values()}

    given.item(name="护士执业注册")
    assert names() == {"护士执业注册"}
    given.item(name="诊所备案")
    both = {"护士执业注册", "诊所备案"}
    assert names() == both
    told = kept.recall(tmp_path)
    assert told
    # What is kept is believed, but for what was published since.
    work.run("delete from catalogue.search_change")
    kept.keep(tmp_path, msgspec.structs.replace(told, read=told.read[:1]))
    assert len(names()) == 1
    for change in ({"database": "another"}, {"at": 0.0}, {"since": str(2**62)}):
        kept.keep(tmp_path, msgspec.structs.replace(told, read=[], **change))
        assert names() == both


def test_what_was_taken_apart_is_kept_for_the_next_process(
    work: Work, given: Given, tmp_path: Path
) -> None:
    given.item(name="结婚登记")
    first = load(work, folder=tmp_path)
    again = load(work, folder=tmp_path)
    assert again.documents == first.documents
    assert again.index.lexicon == first.index.lexicon
    (tmp_path / kept.NAME).write_bytes(b"\x93 not what was written")
    assert load(work, folder=tmp_path).documents == first.documents


def _half(query: str) -> str:
    return "tuning" if hashlib.sha256(query.encode()).digest()[0] % 2 == 0 else "test"


@pytest.mark.parametrize(("half", "least"), [("tuning", 0.9), ("test", 0.9)])
def test_real_questions_find_the_right_service_among_the_first_five(
    half: str, least: float
) -> None:
    from catalogue_real import real_index

    index, codes = real_index(beside("data/items_guangdong.csv"))
    with beside("data/search_dev_guangdong.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if _half(row["query"]) == half]
    found = 0
    for row in rows:
        hits = index.search(index.read_question(row["query"]), limit=5)
        right = set(row["gold_task_codes"].split("|"))
        found += any(codes[hit.document.key] & right for hit in hits[:5])
    assert found / len(rows) >= least
