"""An installation names its own kinds of codes; check digits are known by name and only warn."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from snapshot import ROOT
from tongban import catalogue, identity
from tongban.catalogue import Code, code_warnings, known_schemes
from tongban.catalogue.model.check_digits import (
    CHECKS,
    credit_code_checks,
    luhn_checks,
    mod_11_2_checks,
    mod_37_36_checks,
)
from tongban.foundation.messages import translate
from tongban.main import schemes
from tongban.main.cli import main
from tongban.main.settings import BadSetting, read

DIGITS = "0123456789"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OWN = """
[[scheme]]
key = "city_code"
name = "本市事项编码（试）"
name_en = "City service code (trial)"
pattern = "AL-[0-9]+"
lengths = [6, 8]
example = "AL-100"

[[scheme]]
key = "card_code"
name = "本市卡面编码（试）"
pattern = "K(?P<checked>[0-9]+)"
check = "luhn"
example = "K79927398713"
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of the installation's own schemes, named by the setting and taken up."""
    file = tmp_path / "schemes.toml"
    file.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("TONGBAN_CODE_SCHEMES", str(file))
    schemes.take_up(read())
    yield file
    catalogue.add_schemes({})


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        ("gb32100", "91350100M000100Y43", "91350100M000100Y34"),
        ("mod11-2", "11010519491231002X", "110105194912310020"),
        ("mod11-2", "000000012146438X", "0000000121464389"),  # an ISNI
        ("mod37-36", "A12425GABC1234002M", "A12425GABC1243002M"),  # a GRid
        ("luhn", "79927398713", "79927398731"),
    ],
)
def test_check_digits_are_known_by_name(check: str, right: str, wrong: str) -> None:
    assert CHECKS[check](right)
    assert not CHECKS[check](wrong)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("text", ["", "1", "X", "ａ1", "１２３", "²2", "X1", "a-1"])
def test_what_a_rule_does_not_know_does_not_fit_and_never_fails(check: str, text: str) -> None:
    assert not CHECKS[check](text)


@hypothesis_given(st.text(alphabet=CREDIT, min_size=17, max_size=17))
def test_the_check_digit_is_that_of_the_registers(body: str) -> None:
    assert credit_code_checks(body + identity.credit_check_character(body))


@hypothesis_given(st.text(alphabet=DIGITS, min_size=17, max_size=17))
def test_mod_11_2_is_the_check_digit_of_resident_numbers(body: str) -> None:
    fitting = [c for c in DIGITS + "X" if mod_11_2_checks(body + c)]
    assert fitting == [identity.resident_check_character(body)]


@pytest.mark.parametrize(
    ("check", "alphabet"), [(mod_37_36_checks, LETTERS), (luhn_checks, DIGITS)]
)
@hypothesis_given(data=st.data())
def test_one_character_fits_and_a_slip_in_one_place_is_found(
    check: Callable[[str], bool], alphabet: str, data: st.DataObject
) -> None:
    body = data.draw(st.text(alphabet=alphabet, min_size=1, max_size=20))
    [last] = [c for c in alphabet if check(body + c)]
    code = body + last
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(alphabet.replace(code[at], "")))
    assert not check(code[:at] + other + code[at + 1 :])


@pytest.mark.parametrize(
    ("scheme", "code", "told"),
    [
        ("city_code", "AL-100", ""),
        ("city_code", "AL-10000", ""),
        ("city_code", "AL-1000", "有 7 位，应为 6 / 8 位"),
        ("city_code", "BL-100", "形式不对"),
        ("card_code", "K79927398713", ""),
        ("card_code", "K79927398710", "79927398710 校验位不对"),
    ],
)
@pytest.mark.usefixtures("own")
def test_length_form_and_check_digit_of_an_own_scheme_warn(
    scheme: str, code: str, told: str
) -> None:
    said = [str(one) for one in code_warnings([Code(scheme, code)])]
    assert all(told in one for one in said) if told else said == []
    assert bool(said) == bool(told)


@pytest.mark.usefixtures("own")
def test_an_own_scheme_has_a_name_in_both_languages() -> None:
    assert "basic_code" in known_schemes()
    assert translate(known_schemes()["city_code"].name, "en") == "City service code (trial)"
    assert translate(known_schemes()["card_code"].name, "en") == "本市卡面编码（试）"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[scheme]", ["TOML"]),
        ("", ["没有编码种类"]),
        ('[[schema]]\nkey = "a"', ["schema"]),
        ('[[scheme]]\nkey = "a"', ["“a”", "name"]),
        ('[[scheme]]\nkey = "A 1"\nname = "甲"', ["“A 1”", "小写字母"]),
        ('[[scheme]]\nkey = "a"\nname = "甲"\npatern = "x"', ["“a”", "patern"]),
        ('[[scheme]]\nkey = "a"\nname = "甲"\npattern = "("', ["“a”", "正则表达式"]),
        ('[[scheme]]\nkey = "a"\nname = "甲"\ncheck = "mod97"', ["“a”", "mod97", "luhn"]),
        ('[[scheme]]\nkey = "a"\nname = "甲"\nlengths = [0]', ["“a”", "lengths"]),
        (
            '[[scheme]]\nkey = "a"\nname = "甲"\npattern = "[0-9]+"\nexample = "X"',
            ["“a”", "example", "breaks its own rule"],
        ),
        ('[[scheme]]\nkey = "a"\nname = "甲"\n' * 2, ["“a”", "用了两次"]),
        ('[[scheme]]\nkey = "basic_code"\nname = "甲"', ["“basic_code”", "系统自带"]),
        ('[[scheme]]\nkey = "local_code"\nname = "甲"', ["“local_code”", "系统自带"]),
    ],
)
def test_a_bad_file_is_told_at_the_start_with_file_scheme_and_rule(
    own: Path, text: str, told: list[str]
) -> None:
    own.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as refused:
        schemes.take_up(read())
    assert all(one in str(refused.value) for one in ["TONGBAN_CODE_SCHEMES", str(own), *told])
    for line in str(refused.value).splitlines()[1:]:
        chinese, _, english = line.partition(" / ")
        assert english not in ("", chinese)
    assert "city_code" in known_schemes()  # What was in force stays.


@pytest.mark.parametrize("command", ["up", "serve", "worker", "lint", "doctor"])
def test_no_command_starts_with_a_bad_file(
    own: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    own.write_text('[[scheme]]\nkey = "a"\nname = "甲"\ncheck = "mod97"', encoding="utf-8")
    told = CliRunner().invoke(main, [command])
    assert told.exit_code == 1
    assert str(own) in told.output
    assert 'no check is called "mod97"; there are gb32100、mod11-2' in told.output


def test_a_file_that_is_not_there_or_no_text_is_told(own: Path) -> None:
    own.write_bytes("[[scheme]] # 编码".encode("gb18030"))
    with pytest.raises(BadSetting, match="UTF-8"):
        schemes.take_up(read())
    own.unlink()
    with pytest.raises(BadSetting, match="cannot be read"):
        schemes.take_up(read())


def test_an_import_tells_codes_that_do_not_fit_an_own_scheme(own: Path) -> None:
    mapping = catalogue.read_mapping(
        '[fields]\nname = "名称"\ndepartment = "部门"\nregion = "区划"\n'
        '[codes]\ncity_code = "本市编码"\n'
    )
    file = own.with_name("list.csv")
    file.write_text(
        "名称,部门,区划,本市编码\n甲,市局,安澜市,AL-100\n乙,市局,安澜市,AL-1\n", encoding="utf-8"
    )
    first, second = catalogue.mapped_rows(file, mapping)
    assert "own_code" not in {flaw.rule for flaw in first.flaws}
    [odd] = [flaw for flaw in second.flaws if flaw.rule == "own_code"]
    assert str(odd.problem) == "“本市事项编码（试）”AL-1 不合这种编码的形式、长度或者校验位"


def test_the_file_of_the_how_to_is_a_good_one() -> None:
    page = (ROOT / "docs/how-to/add-your-own-kinds-of-codes.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    [scheme] = catalogue.read_schemes(text).values()
    assert scheme.example
    assert all(f"`{check}`" in page for check in CHECKS)
