"""A PostgreSQL with PostGIS for tests: one that is named, else one of this machine's programs, ended for certain."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import postgis_server
import pytest
from find_postgis import REMEDY, SERVER, programs
from postgis_server import Server

from tests.live.conftest import run_apart


@contextmanager
def started(*, durable: bool) -> Iterator[Server]:
    """Start a server of the tests' own, or leave the test out where there are no programs."""
    found = programs()
    if found is None:
        if "CI" in os.environ:
            pytest.fail(REMEDY, pytrace=False)
        pytest.skip(REMEDY)
    with postgis_server.started(found, durable=durable) as server:
        yield server


@contextmanager
def let_in(environment: dict[str, str]) -> Iterator[None]:
    """Let this process and those that it starts in, as a user is let in by what the shell has set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@contextmanager
def database_on(address: str) -> Iterator[str]:
    """Make a database, and take it away; gives its address."""
    name = f"lcrmap_test_{secrets.token_hex(4)}"
    ask(address, f"create database {name} encoding 'UTF8' template template0")
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        ask(address, f"drop database {name} with (force)")


@contextmanager
def any_server() -> Iterator[str]:
    """Give the address of a server: the one that is named, or one that is started."""
    named = os.environ.get(SERVER)
    if named:
        yield named
        return
    with started(durable=False) as server, let_in(server.environment):
        yield server.address


def ask(address: str, query: str, **environment: str) -> list[Any]:
    """Return the rows of a query."""

    async def asked() -> list[Any]:
        user = {name.removeprefix("PG").lower(): text for name, text in environment.items()}
        db = await asyncpg.connect(address, timeout=10, **user)
        try:
            return [tuple(each) for each in await db.fetch(query)]
        finally:
            await db.close()

    found: list[Any] = run_apart(asked())
    return found
