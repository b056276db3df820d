"""What an import remembers of the lines before: codes and services, each with its first line."""

from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.model.seen import Firsts, Seen


@given(st.lists(st.integers(0, 5000).map(str), max_size=3000))
def test_the_first_number_noted_under_a_text_stays(texts: list[str]) -> None:
    firsts, expected = Firsts(), {}
    for number, text in enumerate(texts, 1):
        assert firsts.note(text, number) == expected.setdefault(text, number)


def test_a_hundred_thousand_texts_are_told_apart() -> None:
    firsts = Firsts()
    for turn in (1, 2):
        noted = [firsts.note(f"450101-{i}", turn * 1_000_000 + i) for i in range(100_000)]
        assert noted == list(range(1_000_000, 1_100_000))


def test_a_code_is_known_by_its_first_line_and_by_every_name_under_it() -> None:
    seen = Seen()
    assert seen.code("A", name="迁移", line=2) == 2
    assert seen.code("A", name="注销", line=5) == 2
    assert not seen.has_named("A", name="注销", line=5)
    assert seen.has_named("A", name="迁移", line=7)
    assert seen.has_named("A", name="注销", line=8)
    assert seen.code("B", name="注销", line=9) == 9


def test_a_service_is_known_by_line_and_code_of_its_first_offer() -> None:
    seen = Seen()
    assert seen.service("迁移 公安局", code="A", line=2) == (2, "A")
    assert seen.service("注销 公安局", code="B", line=3) == (3, "B")
    assert seen.service("迁移 公安局", code="C", line=4) == (2, "A")
