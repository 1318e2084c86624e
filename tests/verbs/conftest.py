"""The county of `tests.verbs.shire`, with all that it knows and without some of it."""

from __future__ import annotations

import pytest

from lcrmap.layers import Pack
from tests.verbs.shire import shire


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A pack of three towns on the equator."""
    return shire(tmp_path_factory.mktemp("county"))
