"""Where the words of a Chinese text begin and end. Pure."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from tongban.catalogue.model.index.text import is_han


@cache
def segmenter() -> Any:
    """Return the segmenter. It learns the catalogue's own words with ``learn``."""
    import rjieba

    return rjieba.Jieba()


def learn(words: Iterable[str]) -> None:
    """Teach the segmenter words of the catalogue: two to eight Chinese characters each."""
    cutter = segmenter()
    for word in words:
        if 2 <= len(word) <= 8 and all(is_han(character) for character in word):
            cutter.add_word(word, None, None)


def words(run: str) -> list[str]:
    """Return the words of two or more characters in a run of Chinese, and their parts."""
    return [word for word in segmenter().cut_for_search(run) if len(word) > 1]
