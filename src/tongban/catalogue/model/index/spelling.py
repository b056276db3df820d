"""Putting right what was mistyped, and reading pinyin, with the words of the catalogue. Pure.

The best way through a text is sought, piece by piece: words that stand there as they are first,
then words that sound the same, then words with two characters exchanged, one wrong, one missing or
one too many. What is no word stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tongban.catalogue.model.index.data import syllables
from tongban.catalogue.model.index.sound import blurred, readings, sounds
from tongban.catalogue.model.index.text import is_han

LONGEST = 8
# What a piece is worth against the same word written right.
SOUND, EXCHANGED, WRONG, MISSING, EXTRA = 0.8, 0.6, 0.45, 0.65, 0.45
UNKNOWN = 0.3
# What a syllable costs that is no word, and a letter that is no syllable: the fewer the better.
SYLLABLE, LETTER = 0.4, 2.0


def _worth(length: int) -> float:
    """Long words are worth more than the short ones they consist of."""
    return float(length**1.5)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that a mistyped one may stand for, by letters, sound, characters and remains."""

    words: frozenset[str]
    letters: Mapping[str, str]
    sounds: Mapping[tuple[str, ...], str]
    sorted: Mapping[str, str]
    remains: Mapping[tuple[int, str], str]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Lexicon":
        """Make a lexicon of words, the most important first: those win where several fit."""
        kept = list(dict.fromkeys(w for w in words if len(w) <= LONGEST and all(map(is_han, w))))
        letters: dict[str, str] = {}
        heard: dict[tuple[str, ...], str] = {}
        exchanged: dict[str, str] = {}
        remains: dict[tuple[int, str], str] = {}
        for word in kept:
            said = readings(word)
            letters.setdefault("".join(said), word)
            if len(word) < 2:
                continue
            heard.setdefault(tuple(blurred(one) for one in said), word)
            exchanged.setdefault("".join(sorted(word)), word)
            if len(word) > 2:
                for i in range(len(word)):
                    remains.setdefault((i, word[:i] + word[i + 1 :]), word)
        return cls(frozenset(kept), letters, heard, exchanged, remains)

    def corrected(self, run: str) -> str:
        """Return a run of Chinese characters with its mistyped words put right.

        >>> Lexicon.of(["身份证", "补领"]).corrected("身分证领补")
        '身份证补领'
        """
        said = sounds(run)
        best: list[tuple[float, str]] = [(0.0, "")]
        for end in range(1, len(run) + 1):
            score, text = best[end - 1]
            ways = [(score + UNKNOWN, text + run[end - 1])]
            for start in range(max(0, end - LONGEST), end - 1):
                score, text = best[start]
                for worth, word in self._meant(run[start:end], said[start:end]):
                    ways.append((score + worth, text + word))
            best.append(max(ways, key=lambda way: way[0]))
        return best[-1][1]

    def _meant(self, piece: str, said: tuple[str, ...]) -> Iterator[tuple[float, str]]:
        worth = _worth(len(piece))
        if piece in self.words:
            yield worth, piece
            return
        if word := self.sounds.get(said):
            yield worth * SOUND, word
        if word := self.sorted.get("".join(sorted(piece))):
            yield worth * EXCHANGED, word
        for i in range(len(piece)):
            rest = piece[:i] + piece[i + 1 :]
            if len(piece) > 2 and (word := self.remains.get((i, rest))):
                yield worth * WRONG, word
            if len(piece) > 2 and rest in self.words:
                yield _worth(len(rest)) * EXTRA, rest
        for i in range(len(piece) + 1):
            if word := self.remains.get((i, piece)):
                yield worth * MISSING, word

    def spoken(self, letters: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return typed pinyin as words and their syllables; what is no word has no characters.

        >>> Lexicon.of(["档案", "查询"]).spoken("danganchaxun")
        [('档案', ('dang', 'an')), ('查询', ('cha', 'xun'))]
        """
        known = syllables()
        best: list[tuple[float, int, str]] = [(0.0, 0, "")]
        for end in range(1, len(letters) + 1):
            ways = [(best[end - 1][0] - LETTER, end - 1, "")]
            for start in range(max(0, end - 6 * LONGEST), end):
                piece = letters[start:end]
                if word := self.letters.get(piece):
                    worth = _worth(len(word)) if len(word) > 1 else -SYLLABLE
                    ways.append((best[start][0] + worth, start, word))
                elif piece in known:
                    ways.append((best[start][0] - 1.2 * SYLLABLE, start, ""))
            best.append(max(ways, key=lambda way: way[0]))
        found: list[tuple[str, tuple[str, ...]]] = []
        end = len(letters)
        while end:
            _, start, word = best[end]
            found.append((word, readings(word) if word else (letters[start:end],)))
            end = start
        return found[::-1]
