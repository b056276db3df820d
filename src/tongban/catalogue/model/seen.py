"""What the lines of a file have named so far, in a few bytes for each of a million lines. Pure."""

from array import array
from zlib import crc32

_SLOTS = 1024


class Firsts:
    """The number that was first noted under each of many texts; 16 bytes a slot, however long.

    Texts are told apart by 64 bits of their hash: of a million texts two are taken for the same
    once in thirty-seven million files.
    """

    def __init__(self) -> None:
        self._hashes = array("q", bytes(8 * _SLOTS))
        self._numbers = array("Q", bytes(8 * _SLOTS))
        self._used = 0

    def note(self, text: str, number: int) -> int:
        """Return the number first noted under a text, which is the one given if it is new.

        :param number: not 0.
        """
        hashed = hash(text)
        hashes, numbers = self._hashes, self._numbers
        last = len(numbers) - 1
        at = hashed & last
        while known := numbers[at]:
            if hashes[at] == hashed:
                return known
            at = (at + 1) & last
        hashes[at], numbers[at] = hashed, number
        self._used += 1
        if 3 * self._used > 2 * len(numbers):
            self._grow()
        return number

    def _grow(self) -> None:
        before = zip(self._hashes, self._numbers, strict=True)
        size = 2 * len(self._numbers)
        hashes, numbers = array("q", bytes(8 * size)), array("Q", bytes(8 * size))
        for hashed, number in before:
            if number:
                at = hashed & (size - 1)
                while numbers[at]:
                    at = (at + 1) & (size - 1)
                hashes[at], numbers[at] = hashed, number
        self._hashes, self._numbers = hashes, numbers


class Seen:
    """The codes that the lines of a file have given, and the services that they have offered."""

    def __init__(self) -> None:
        self._codes = Firsts()
        self._names = Firsts()
        self._services = Firsts()
        self._told = bytearray(b"\n")

    def code(self, code: str, *, name: str, line: int) -> int:
        """Return the line on which a code stands first, which is this one if it is new."""
        return self._codes.note(code, line << 32 | crc32(name.encode())) >> 32

    def has_named(self, code: str, *, name: str, line: int) -> bool:
        """Tell whether an earlier line has this name under this code, which is not new."""
        held = self._codes.note(code, line << 32) & 0xFFFFFFFF
        if held == crc32(name.encode()):
            return True
        return self._names.note(f"{code}\0{name}", line) != line

    def service(self, offered: str, *, code: str, line: int) -> tuple[int, str]:
        """Return line and code under which a service was offered first, maybe these."""
        at = len(self._told)
        first = self._services.note(offered, at)
        if first == at:
            self._told += f"{line} {code}\n".encode()
            return line, code
        number, _, told = self._told[first : self._told.index(b"\n", first)].partition(b" ")
        return int(number), told.decode()
