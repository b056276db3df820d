"""Identity numbers and credit codes: what their check characters find, and what is forgiven."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tongban import identity

# The example of GB 11643 itself.
RESIDENT = "11010519491231002X"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
residents = st.builds(
    lambda region, born, serial: f"{region:06}{born:%Y%m%d}{serial:03}",
    st.integers(110000, 999999),
    days,
    st.integers(0, 999),
).map(lambda body: body + identity.resident_check_character(body))
credit_codes = st.text(CREDIT_ALPHABET, min_size=17, max_size=17).map(
    lambda body: body + identity.credit_check_character(body)
)


@given(residents)
def test_a_number_with_its_check_character_is_right(number: str) -> None:
    assert identity.resident_id_problem(number) is None


@given(residents, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_mistyped_character_is_always_found(number: str, place: int, typed: str) -> None:
    assume(number[place] != typed)
    mistyped = number[:place] + typed + number[place + 1 :]

    assert identity.resident_id_problem(mistyped) is not None


@given(residents, st.integers(0, 16))
def test_two_neighbours_swapped_are_always_found(number: str, place: int) -> None:
    first, second = number[place], number[place + 1]
    assume(first != second)
    swapped = number[:place] + second + first + number[place + 2 :]

    assert identity.resident_id_problem(swapped) is not None


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("", "18位"),
        ("110105491231002", "18位"),  # The old number of 15 digits is no longer valid.
        ("11010519491231002x", "18位"),  # Small letters are forgiven by ``plain``, not here.
        ("110105194912310०2X", "18位"),  # A digit, but not one of ours.
        ("110105194913310025", "出生日期"),
        ("110105194912310021", "校验码"),
    ],
)
def test_what_is_wrong_is_said(number: str, rule: str) -> None:
    problem = identity.resident_id_problem(number)

    assert problem is not None
    assert rule in str(problem)
    assert problem.field == "id_number"


def test_a_made_up_person_has_a_number_no_division_uses_and_passes() -> None:
    body = "99010019900101001"

    assert identity.resident_id_problem(body + identity.resident_check_character(body)) is None


@pytest.mark.parametrize(
    "typed", [" 11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X"]
)
def test_how_a_number_was_typed_is_forgiven(typed: str) -> None:
    assert identity.plain(typed) == RESIDENT


@given(credit_codes)
def test_a_credit_code_with_its_check_digit_is_right(code: str) -> None:
    assert identity.credit_code_problem(code) is None
    assert identity.credit_code_warning(code) is None


@given(credit_codes, st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_one_mistyped_character_of_a_credit_code_is_a_warning(
    code: str, place: int, typed: str
) -> None:
    assume(code[place] != typed)
    mistyped = code[:place] + typed + code[place + 1 :]

    assert identity.credit_code_problem(mistyped) is None
    assert identity.credit_code_warning(mistyped) is not None


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100YIO"])
def test_a_malformed_credit_code_is_refused_not_warned_about(code: str) -> None:
    assert identity.credit_code_problem(code) is not None
    assert identity.credit_code_warning(code) is None


@pytest.mark.parametrize("number", ["13800001234", "0770-2821234", "010-66668888-801", "12345"])
def test_telephone_numbers_of_every_usual_form_pass(number: str) -> None:
    assert identity.telephone_problem(number) is None


@pytest.mark.parametrize("number", ["1380000123", "电话", "0770-", "138-0000-1234", "12"])
def test_other_telephone_numbers_do_not(number: str) -> None:
    assert identity.telephone_problem(number) is not None
