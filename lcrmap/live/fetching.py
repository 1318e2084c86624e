"""Fetch what ``live.toml`` names, and nothing else: the one place of a live map that reaches out.

A name is looked up once, and what it leads to is what is connected to, so that no second look-up can lead elsewhere.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import lcrmap
from lcrmap.errors import FileError

__all__ = ["fetched"]

_MOST_BYTES: Final = 20_000_000
_MOST_TURNS: Final = 3
_PATIENT: Final = 30.0  # seconds for one step
_LONGEST: Final = 120.0  # seconds for all
_PART: Final = 65_536
_ELSEWHERE: Final = (301, 302, 303, 307, 308)
_PORTS: Final = {"http": 80, "https": 443}


def fetched(address: str, private_hosts: Collection[str] = ()) -> bytes:
    """Return what stands at an address.

    Parameters
    ----------
    private_hosts
        The hosts that may be on a private network, or on this machine.

    Raises
    ------
    FileError
        If it does not answer in time with 20 MB or less, leads to another host, or to a private network.
    """
    first = urlsplit(address)
    until = time.monotonic() + _LONGEST
    for _ in range(_MOST_TURNS + 1):
        parts = urlsplit(address)
        if parts.scheme not in _PORTS or parts.hostname != first.hostname:
            raise FileError(f"{first.hostname} leads to another host, which is not followed.")
        if first.scheme == "https" and parts.scheme != "https":
            raise FileError(f"{first.hostname} leads away from https, which is not followed.")
        data, further = _answer(parts, private_hosts, until)
        if data is not None:
            return data
        address = urljoin(address, further)
    raise FileError(f"{first.hostname} leads from one address to the next, and to no data.")


def _answer(
    parts: SplitResult, private_hosts: Collection[str], until: float
) -> tuple[bytes | None, str]:
    """Return what is answered; None and where it leads to if it is elsewhere."""
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    speaking = http.client.HTTPConnection(host, port, timeout=_PATIENT)
    try:
        speaking.sock = _connected(host, port, private_hosts)
        if parts.scheme == "https":
            speaking.sock = ssl.create_default_context().wrap_socket(
                speaking.sock, server_hostname=host
            )
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        sent = {
            "Host": parts.netloc,
            "Accept": "application/json",
            "User-Agent": f"lcrmap/{lcrmap.__version__}",
            "Connection": "close",
        }
        speaking.request("GET", path, headers=sent)
        answer = speaking.getresponse()
        if answer.status in _ELSEWHERE:
            return None, answer.headers.get("Location", "")
        if answer.status != 200:
            raise FileError(f"{host} answers {answer.status}: try again later.")
        return _whole(answer, host, until), ""
    except (OSError, http.client.HTTPException) as error:
        raise FileError(
            f"{host} cannot be reached ({type(error).__name__}): try again later."
        ) from error
    finally:
        speaking.close()


def _whole(answer: http.client.HTTPResponse, host: str, until: float) -> bytes:
    """Return all that is answered, as far as it is not too much and comes in time."""
    parts, length = [], 0
    while part := answer.read1(_PART):
        parts.append(part)
        length += len(part)
        if length > _MOST_BYTES:
            raise FileError(f"{host} answers more than {_MOST_BYTES // 1_000_000} MB.")
        if time.monotonic() > until:
            raise FileError(f"{host} takes more than {_LONGEST:.0f} seconds: try again later.")
    said = answer.headers.get("Content-Length", "")
    if said.isdigit() and int(said) != length:
        raise FileError(f"{host} broke off in the middle: try again later.")
    return b"".join(parts)


def _connected(host: str, port: int, private_hosts: Collection[str]) -> socket.socket:
    """Connect to a host; to a private address only if the host may have one."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [place for *_, place in found]
    if host not in private_hosts and not all(_is_public(str(place[0])) for place in places):
        raise FileError(
            f"{host} is on a private network: name it in 'private_hosts' of live.toml if that is meant."
        )
    return socket.create_connection((str(places[0][0]), port), timeout=_PATIENT)


def _is_public(text: str) -> bool:
    """Tell whether an address is one of the open internet.

    Examples
    --------
    >>> [_is_public(each) for each in ("8.8.8.8", "10.0.0.1", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
