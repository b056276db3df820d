"""What a text consists of for the index: its terms, by kind. Pure.

Chinese has no spaces, so words are guessed by a segmenter and pairs of neighbouring characters are
always kept beside them: what was cut wrongly is still found. Pairs over a gap forgive a character
too many, too few or wrong; syllables forgive one that sounds like the right one.

A term is a string whose first letter names its kind:

====  =======================================================
``w``  a word, or a run of letters and digits
``b``  two neighbouring characters
``c``  one character
``g``  two characters, neighbours or with one between them
``p``  two neighbouring syllables, blurred
``q``  two syllables with one between them
``i``  two or three neighbouring initials
====  =======================================================
"""

from collections.abc import Iterable
from itertools import pairwise

from tongban.catalogue.model.index.cutting import words
from tongban.catalogue.model.index.sound import blurred, readings, sounds
from tongban.catalogue.model.index.text import is_han, runs


def of_text(text: str) -> list[str]:
    """Return the terms of a folded text, each as often as it occurs."""
    found: list[str] = []
    for run in runs(text):
        found += of_han(run) if is_han(run[0]) else ["w" + run]
    return found


def of_han(run: str) -> list[str]:
    found = ["w" + word for word in words(run)]
    found += ["c" + character for character in run]
    found += ["b" + run[i : i + 2] for i in range(len(run) - 1)]
    found += ["g" + run[i : i + 2] for i in range(len(run) - 1)]
    found += ["g" + run[i] + run[i + 2] for i in range(len(run) - 2)]
    return found + of_syllables(sounds(run)) + of_initials([one[:1] for one in readings(run)])


def of_syllables(said: Iterable[str]) -> list[str]:
    """Return the terms of a row of syllables; they are blurred here if they are not yet."""
    row = [blurred(one) for one in said]
    found = [f"p{a} {b}" for a, b in pairwise(row)]
    return found + [f"q{a} {b}" for a, b in zip(row, row[2:], strict=False)]


def of_initials(letters: Iterable[str]) -> list[str]:
    row = "".join(letters)
    return ["i" + row[i : i + n] for n in (2, 3) for i in range(len(row) - n + 1)]
