from collections.abc import Iterator

import pytest

from given_site import Site


@pytest.fixture
def site(own_database: str) -> Iterator[Site]:
    """The whole application, served from a database that only this test uses."""
    site = Site(own_database)
    yield site
    site.close()
