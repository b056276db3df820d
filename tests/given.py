"""The world a test starts from. Name only what the test is about; the rest has defaults."""

from itertools import count

from tongban.foundation.work import Work


class Given:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._serial = count(1)
