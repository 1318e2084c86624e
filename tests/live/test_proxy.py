"""The example of docs/serve.md for a proxy, run by nginx: https outside, events that come at once, addresses told."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from find_nginx import program

from tests.live.conftest import LOOSE, ROOT, Running

HOST = "map.example.org"
NGINX = program()

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx: apt-get install nginx")


def example() -> str:
    """Return the server block of the page."""
    text = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def behind(
    make_live: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, httpx.Client]]:
    """A live map behind nginx, and somebody who reaches it from outside."""
    slow = LOOSE.replace("open_streams = 1e6", "open_streams = 1")
    live = make_live(
        "--public-url",
        f"https://{HOST}",
        settings=f'proxies = ["127.0.0.1"]\n{slow}',
        start=False,
    )
    own, outside = free_port(), free_port()
    live.start(own)
    authority = trustme.CA()
    folder = tmp_path_factory.mktemp("nginx")
    config = configured(folder, authority, own=own, outside=outside)
    assert NGINX is not None
    nginx = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(config)])
    context = ssl.create_default_context()
    authority.configure_trust(context)
    try:
        await_open(outside)
        with httpx.Client(
            base_url=f"https://{HOST}:{outside}", verify=context, timeout=30
        ) as client:
            yield live, client
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


def configured(folder: Path, authority: trustme.CA, *, own: int, outside: int) -> Path:
    """Write a configuration of nginx around the example, in which ports and files alone are other ones."""
    authority.issue_cert(HOST).private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
    block = example()
    for written, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{outside} ssl"),
        (f"/etc/ssl/{HOST}.pem", f"{folder}/own.pem"),
        (f"/etc/ssl/{HOST}.key", f"{folder}/own.pem"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{own}"),
    ):
        assert written in block
        block = block.replace(written, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{block}}}\n"
    )
    return config


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def await_open(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx has not begun.")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the name of the example be this machine."""
    found = socket.getaddrinfo

    def told(host: str, *words: object, **more: object) -> object:
        return found("127.0.0.1" if host in (HOST, HOST.encode()) else host, *words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", told)


def test_it_is_served_by_https_under_its_own_name(behind: tuple[Running, httpx.Client]) -> None:
    live, client = behind
    landing = client.get("/", headers={"accept": "application/json"}).json()
    assert {
        each["href"].partition("/?")[0][: len(f"https://{HOST}")] for each in landing["links"]
    } == {f"https://{HOST}"}
    token = {"authorization": f"Bearer {live.tokens['Ann']}"}
    assert client.get("/session", headers=token).json()["user"]["name"] == "Ann"


def test_an_edit_is_heard_at_once(behind: tuple[Running, httpx.Client]) -> None:
    live, client = behind
    token = {"authorization": f"Bearer {live.tokens['Ann']}"}
    with client.stream("GET", "/events", headers=token) as stream:
        lines = stream.iter_lines()
        changed = client.patch(
            "/collections/landings/items/boathouse",
            json={"properties": {"note": "by way of nginx"}},
            headers=token | {"if-match": "*"},
        )
        assert changed.status_code == 204
        begun = time.monotonic()
        assert any(line == "event: edit" for line in lines)
        assert time.monotonic() - begun < 5


def test_each_is_counted_by_the_address_that_nginx_tells(
    behind: tuple[Running, httpx.Client],
) -> None:
    _, client = behind
    with client.stream("GET", "/events") as stream:
        assert stream.status_code == 200
        forged = {"x-forwarded-for": "203.0.113.2"}
        with client.stream("GET", "/events", headers=forged) as other:
            assert other.status_code == 429
