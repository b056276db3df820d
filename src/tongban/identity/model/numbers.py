"""Numbers by which people and organisations are known, and what is wrong with one.

Only their form is checked. Whether a division exists is not: a number whose region part no division
uses (990100, say) passes, which is how the people of the demonstration and the tests are made up.
"""

import re
import unicodedata
from datetime import date

from tongban.foundation.errors import Problem

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
# Without I, O, S, V and Z, which are mistaken for digits and for one another.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TELEPHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|[1-9]\d{4,7}")


def plain(text: str) -> str:
    """Return a number as it is kept: full width, spaces and small letters are forgiven.

    >>> plain(" １１010519491231002x ")
    '11010519491231002X'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def resident_check_character(body: str) -> str:
    """Return the 18th character of a resident identity number (GB 11643, ISO 7064 MOD 11-2).

    >>> resident_check_character("11010519491231002")
    'X'
    """
    return _RESIDENT_CHECKS[
        sum(w * int(d) for w, d in zip(_RESIDENT_WEIGHTS, body, strict=True)) % 11
    ]


def resident_id_problem(text: str, *, field: str = "id_number") -> Problem | None:
    """Tell what is wrong with a resident identity number (GB 11643), as ``plain`` returns it."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return Problem(field, "身份证号码应为18位：前17位为数字，末位为数字或X")
    try:
        date.fromisoformat(text[6:14])
    except ValueError:
        return Problem(
            field, "身份证号码第7至14位应为出生日期，“{date}”不是日期", {"date": text[6:14]}
        )
    if resident_check_character(text[:17]) != text[17]:
        return Problem(field, "身份证号码的末位校验码不对，请逐位核对")
    return None


def credit_check_character(body: str) -> str:
    """Return the 18th character of a unified social credit code (GB 32100).

    >>> credit_check_character("91350100M000100Y4")
    '3'
    """
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return _CREDIT_ALPHABET[-total % 31]


def credit_code_problem(text: str, *, field: str = "credit_code") -> Problem | None:
    """Tell what is wrong with the form of a unified social credit code, its check digit aside."""
    if len(text) != 18 or any(c not in _CREDIT_ALPHABET for c in text):
        return Problem(field, "统一社会信用代码应为18位数字和大写字母，不含I、O、S、V、Z")
    return None


def credit_code_warning(text: str, *, field: str = "credit_code") -> Problem | None:
    """Tell whether the check digit is wrong.

    That is worth a second look but not a refusal: of 1,899 codes that one province has published,
    six are wrong, and the units exist all the same.
    """
    if credit_code_problem(text, field=field) or credit_check_character(text[:17]) == text[17]:
        return None
    return Problem(field, "统一社会信用代码“{code}”的校验码不对，请核对", {"code": text})


def telephone_problem(text: str, *, field: str = "telephone") -> Problem | None:
    """Tell what is wrong with a telephone number: mobile, with area code, or short."""
    if _TELEPHONE.fullmatch(text):
        return None
    return Problem(field, "电话号码应为11位手机号，或“区号-号码”形式的固定电话")
