"""Numbers that people type, codes, and pages by key."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.ids import (
    CaseNumber,
    case_number,
    check_character,
    query_code,
    read_case_number,
    token,
)
from tongban.foundation.paging import cut, read_cursor, write_cursor

NUMBERS = st.builds(
    CaseNumber,
    region=st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii),
    month=st.integers(0, 9912),
    serial=st.integers(0, 9_999_999),
)


def test_the_check_character_is_that_of_a_real_licence() -> None:
    # Number and check character of a licence in use, by ISO 7064 MOD 37,36.
    assert check_character("11100000000013338W00911330105002500287C2025052201002") == "0"


def test_a_case_number_says_where_and_when() -> None:
    number = case_number(region="990102", on=date(2026, 11, 22), serial=42)
    assert str(number).startswith("990102-2611-0000042-")
    assert read_case_number(str(number)) == number


@for_all(NUMBERS)
def test_every_number_is_read_back_as_it_was_written(number: CaseNumber) -> None:
    assert read_case_number(str(number)) == number


@for_all(NUMBERS, st.data())
def test_one_wrong_character_is_always_noticed(number: CaseNumber, data: st.DataObject) -> None:
    right = str(number)
    place = data.draw(st.sampled_from([i for i, c in enumerate(right) if c != "-"]))
    wrong = data.draw(st.sampled_from("0123456789ABCXYZ").filter(lambda c: c != right[place]))
    assert isinstance(read_case_number(right[:place] + wrong + right[place + 1 :]), Problem)


@for_all(NUMBERS)
def test_numbers_are_read_as_people_type_them(number: CaseNumber) -> None:
    right = str(number)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in right)
    for typed in (
        *(f"  {right} ", right.lower(), right.replace("-", " - "), wide),
        *(right.replace("-", "—"), right.replace("-", "–"), right.replace("-", "\u3000-")),
    ):
        assert read_case_number(typed) == number, typed


@pytest.mark.parametrize("text", ["", "-", "---", "12345", "990102-2611-0000042", "张三", "٣" * 18])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    problem = read_case_number(text)
    assert isinstance(problem, Problem)
    assert problem.field == "number"
    assert "办件编号" in str(problem)


@for_all(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    assert isinstance(read_case_number(text), Problem | CaseNumber)


def test_codes_are_clear_and_tokens_long() -> None:
    codes = {query_code() for _ in range(200)}
    assert len(codes) > 190
    assert not set("".join(codes)) & set("01ILO")
    assert {len(code) for code in codes} == {6}
    assert len(token()) >= 43
    assert token() != token()


def test_a_page_knows_where_the_next_one_begins() -> None:
    rows = ["a", "b", "c"]
    page = cut(rows, size=2, key=lambda row: (row, 1))
    assert page.rows == ["a", "b"]
    assert read_cursor(page.following) == ("b", 1)
    assert cut(rows, size=3, key=lambda row: (row,)).following == ""


KEYS = st.lists(
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"))
).map(tuple)


@for_all(KEYS)
def test_a_cursor_comes_back_as_it_went_out(key: tuple[str | int | None, ...]) -> None:
    cursor = write_cursor(key)
    assert cursor.isascii()
    assert read_cursor(cursor) == key


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "é", "%%%", "bm90IGpzb24", write_cursor((2**63,)), write_cursor(("\0",))),
        write_cursor((True,)).replace("=", ""),
        "eyJhIjoxfQ",
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match="翻页位置"):
        read_cursor(cursor)
