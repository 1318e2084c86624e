"""A way to a store that goes wrong on purpose: an HTTP server before another one, on loopback."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP = ("connection", "transfer-encoding", "content-length", "keep-alive")
_CHECKED = (
    "content-encoding",
    "content-md5",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
    "x-amz-content-sha256",
)


@dataclass(frozen=True)
class Seen:
    """A request that came, and its headers."""

    verb: str
    path: str
    headers: dict[str, str]


@dataclass
class Faults:
    """What goes wrong, and with which requests.

    Attributes
    ----------
    url
        The address at which the store seems to be.
    chosen
        Tells of a request, by its verb and path, whether something goes wrong with it.
    times
        With how many requests of those something still goes wrong.
    status
        What is answered then; 200 for the store's own answer.
    half
        Whether only a half of the body goes on: of what is sent to the store if it is a PUT, else of its answer.
    seconds
        After how long.
    location
        Where the answer leads, for a status that leads elsewhere.
    body
        What the answer holds for a status other than 200.
    more
        Further headers of that answer.
    seen
        The requests that came.
    """

    url: str = ""
    chosen: Callable[[str, str], bool] = lambda verb, path: True
    times: float = 0
    status: int = 200
    half: bool = False
    seconds: float = 0
    location: str = ""
    body: bytes = b""
    more: dict[str, str] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, verb: str, path: str) -> bool:
        """Tell whether something goes wrong with a request, and count it."""
        with self.lock:
            if self.times <= 0 or not self.chosen(verb, path):
                return False
            self.times -= 1
            return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, faults: Faults, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults, self.behind = faults, behind

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asks goes away while it is answered."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *words: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        faults, body = self.server.faults, self._body()
        faults.seen.append(Seen(self.command, self.path, dict(self.headers)))
        wrong = faults.strikes(self.command, self.path)
        if wrong:
            time.sleep(faults.seconds)
            if faults.status != 200:
                headers = {"Location": faults.location, **faults.more}
                self._answer(faults.status, headers, faults.body)
                return
        self._answer(*self._asked(body, shorter=wrong and faults.half), shorter=wrong)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815 (http.server's names)

    def _asked(self, body: bytes, *, shorter: bool) -> tuple[int, dict[str, str], bytes]:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        if shorter and self.command == "PUT":  # as a store that does not look at what it gets
            body = _payload(body) if "x-amz-trailer" in self.headers else body
            body = body[: len(body) // 2]
            headers = {k: v for k, v in headers.items() if k.lower() not in _CHECKED}
            headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"
        to = http.client.HTTPConnection(self.server.behind)
        if self.command in ("PUT", "POST"):
            headers["Content-Length"] = str(len(body))
        to.request(self.command, self.path, body, headers)
        answer = to.getresponse()
        data = answer.read()
        told = {k: v for k, v in answer.getheaders() if k.lower() not in _HOP}
        told["Content-Length"] = answer.getheader("Content-Length") or str(len(data))
        to.close()
        return answer.status, told, data

    def _answer(
        self, status: int, headers: dict[str, str], data: bytes, *, shorter: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if shorter and self.server.faults.half and self.command == "GET":
            data, self.close_connection = data[: len(data) // 2], True
        self.wfile.write(data)


@contextmanager
def faulty(store: str) -> Iterator[Faults]:
    """Stand before a store; nothing goes wrong until somebody says so."""
    faults = Faults()
    server = _Server(faults, urlsplit(store).netloc)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    faults.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield faults
    finally:
        server.shutdown()
        server.server_close()


def _payload(body: bytes) -> bytes:
    """Return what is sent in pieces, each behind its length, with a digest behind all."""
    found = b""
    while size := int(body[: body.index(b"\r\n")].split(b";")[0], 16):
        start = body.index(b"\r\n") + 2
        found += body[start : start + size]
        body = body[start + size + 2 :]
    return found
