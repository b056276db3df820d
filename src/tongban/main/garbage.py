"""How a process that lives long looks for garbage."""

import gc

MANY = 20_000


def rest() -> None:
    """Never look at what is loaded by now, and look for cycles less often than Python would.

    What a request makes ends with it, by counting references; looking for cycles after every 700
    objects took a third of the CPU of acts on many cases, and found nothing. Processes that are
    forked go on sharing the memory of what was loaded.
    """
    gc.freeze()
    gc.set_threshold(MANY, 20, 20)
