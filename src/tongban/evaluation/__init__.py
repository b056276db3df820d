"""What people think of how they were served (好差评), and what follows from it.

- A handling is rated once, by its holder, after its decision. 5 is best; 1 and 2 are bad.
- The rater is protected: the department reads what was said without a name, a case or a time.
- A bad rating opens a remedy: somebody outside the department speaks with the rater within one
  working day, and what was wrong is put right within fifteen.
- What is asked is the same everywhere and has a version.
"""

from tongban.evaluation import events
from tongban.evaluation.commands import contact, rate, settle
from tongban.evaluation.model import (
    LEVELS,
    AlreadyRated,
    Channel,
    Content,
    NoSuchRemedy,
    Opinion,
    Outcome,
    Rating,
    Remedy,
    State,
    Summary,
    TooEarly,
    WrongState,
    content,
)
from tongban.evaluation.queries import may_rate, opinions, rating, remedies, remedy, summary

__all__ = [
    "LEVELS",
    "AlreadyRated",
    "Channel",
    "Content",
    "NoSuchRemedy",
    "Opinion",
    "Outcome",
    "Rating",
    "Remedy",
    "State",
    "Summary",
    "TooEarly",
    "WrongState",
    "contact",
    "content",
    "events",
    "may_rate",
    "opinions",
    "rate",
    "rating",
    "remedies",
    "remedy",
    "settle",
    "summary",
]
