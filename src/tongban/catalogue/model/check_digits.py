"""Check digits by name: whether the last character of a code fits the ones before it. Pure.

A character that the rule does not know makes the code wrong, never an error. The rules:

``gb32100``   GB 32100-2015, unified social credit codes: weights 3^i modulo 31
``mod11-2``   ISO/IEC 7064 MOD 11-2, as in GB 11643 (resident identity numbers); 10 is written X
``mod37-36``  ISO/IEC 7064 MOD 37,36, hybrid, of digits and capital letters
``luhn``      ISO/IEC 7812-1, of digits, as on bank cards
"""

from collections.abc import Callable

_DIGITS = "0123456789"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _made_of(text: str, alphabet: str) -> bool:
    """Tell whether there is something to check, all of it of these characters."""
    return len(text) > 1 and all(character in alphabet for character in text)


def credit_code_checks(text: str) -> bool:
    """Tell whether the last character fits (GB 32100).

    >>> credit_code_checks("91350100M000100Y43"), credit_code_checks("91350100M000100Y40")
    (True, False)
    """
    if not _made_of(text, _CREDIT) or len(text) != 18:
        return False
    total = sum(_CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    return _CREDIT[-total % 31] == text[17]


def mod_11_2_checks(text: str) -> bool:
    """Tell whether the last character fits (ISO/IEC 7064 MOD 11-2, a pure system).

    >>> mod_11_2_checks("11010519491231002X"), mod_11_2_checks("0794"), mod_11_2_checks("0795")
    (True, True, False)
    """
    body, last = text[:-1], text[-1:]
    if not _made_of(body + "0", _DIGITS) or last not in _DIGITS + "X":
        return False
    total = 0
    for digit in body:
        total = (total + int(digit)) * 2 % 11
    return (total + (_DIGITS + "X").index(last)) % 11 == 1


def mod_37_36_checks(text: str) -> bool:
    """Tell whether the last character fits (ISO/IEC 7064 MOD 37,36, a hybrid system).

    >>> mod_37_36_checks("A12425GABC1234002M"), mod_37_36_checks("A12425GABC1234003M")
    (True, False)
    """
    if not _made_of(text, _LETTERS):
        return False
    carried = 36
    for character in text[:-1]:
        carried = ((carried + _LETTERS.index(character)) % 36 or 36) * 2 % 37
    return (carried + _LETTERS.index(text[-1])) % 36 == 1


def luhn_checks(text: str) -> bool:
    """Tell whether the last digit fits (ISO/IEC 7812-1): every second from the right counts twice.

    >>> luhn_checks("79927398713"), luhn_checks("79927398710")
    (True, False)
    """
    if not _made_of(text, _DIGITS):
        return False
    once = sum(int(digit) for digit in text[-1::-2])
    twice = sum(sum(divmod(2 * int(digit), 10)) for digit in text[-2::-2])
    return (once + twice) % 10 == 0


CHECKS: dict[str, Callable[[str], bool]] = {
    "gb32100": credit_code_checks,
    "mod11-2": mod_11_2_checks,
    "mod37-36": mod_37_36_checks,
    "luhn": luhn_checks,
}
