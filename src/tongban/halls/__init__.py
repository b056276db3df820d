"""Halls (办事大厅): the places where services are handled in person.

- Everybody may know of them; only an administrator of the region changes what is said of them.
- A hall that is given up is listed no more, but can still be read by its code.
"""

from tongban.halls import events
from tongban.halls.commands import close_hall, set_hall
from tongban.halls.model import Hall, NoSuchHall
from tongban.halls.queries import hall, halls

__all__ = ["Hall", "NoSuchHall", "close_hall", "events", "hall", "halls", "set_hall"]
