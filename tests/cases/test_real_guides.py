"""Every real guide can be applied for and decided, whatever is missing or odd in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import given_cases as people
from conftest import beside
from given import Given
from tongban import cases, catalogue
from tongban.cases import Stage, Step
from tongban.foundation.work import Work

# Each one is a whole case; every twentieth is enough for every day. EVERY=1 takes them all.
EVERY = int(os.environ.get("EVERY", "20"))


def test_real_guides_can_be_applied_for_and_decided(
    work: Work, given: Given, tmp_path: Path
) -> None:
    @contextmanager
    def open_work() -> Iterator[Work]:
        yield work

    catalogue.import_guides(
        open_work, file=beside("data/guides_guangxi.jsonl"), rejects=tmp_path / "rejected.jsonl"
    )
    codes = [row for (row,) in work._connection.execute("select code from catalogue.item")]
    person = given.person()
    for code in sorted(codes)[::EVERY]:
        item = catalogue.item(work, code=code)
        submitted = people.submitted(work, item=item, by=person, holder=person.id)
        decided = people.brought_to(work, submitted, stage=Stage.GRANTED, step=Step.HANDLING)
        assert decided.stage is Stage.GRANTED, item.name
        assert cases.clocks(work, number=decided.number), item.name
