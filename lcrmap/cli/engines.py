"""Which machines do the work: what the options of a command line mean by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from lcrmap.cli.door import say
from lcrmap.errors import MissingPartError, UsageError

if TYPE_CHECKING:
    from lcrmap.io.tasks import Runner

__all__ = ["runner_of"]

INSTALL: Final = "pip install 'lcrmap[scale]'"

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@contextmanager
def runner_of(params: Mapping[str, Any]) -> Iterator[Runner]:
    """Open what does the work, as the options want it.

    Raises
    ------
    UsageError
        If they contradict each other, or a scheduler would be used without encryption.
    MissingPartError
        If Dask is not installed; the message gives the command that installs it.
    """
    _refuse_idle(params)
    scheduler = params["scheduler"] or ""
    if bool(scheduler) == bool(params["workers"]):
        raise UsageError(
            "--engine dask wants --workers N, for processes of this machine, or --scheduler ADDRESS: one of the two."
        )
    if scheduler:
        _refuse_open(scheduler, params)
    if find_spec("distributed") is None:
        raise MissingPartError(f"--engine dask needs Dask distributed: {INSTALL}")
    from lcrmap.engines.dask import Cluster, opened

    cluster = Cluster(
        workers=params["workers"],
        scheduler=scheduler,
        tls_ca=params["tls_ca"],
        tls_cert=params["tls_cert"],
        tls_key=params["tls_key"],
        memory=params["memory"],
        patience=params["patience"],
    )
    with opened(cluster) as runner:
        yield runner


def _refuse_idle(params: Mapping[str, Any]) -> None:
    if params["engine"] == "dask":
        return
    for name in ("workers", "scheduler", "memory", "tls_ca", "tls_cert", "tls_key"):
        if params[name]:
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} is for workers of Dask: add --engine dask.")


def _refuse_open(scheduler: str, params: Mapping[str, Any]) -> None:
    """Refuse a scheduler to which anything but an encrypted way leads, unless it is this machine's."""
    scheme, host = _scheduler_at(scheduler)
    certificates = [params[name] for name in ("tls_ca", "tls_cert", "tls_key")]
    if scheme == "tls":
        if not all(certificates):
            raise UsageError("A tls:// scheduler wants --tls-ca, --tls-cert and --tls-key.")
        return
    if host in _LOOPBACK:
        return
    if not params["insecure_scheduler"]:
        raise UsageError(
            "Whoever reaches a scheduler without encryption can run code on its workers: start it with certificates "
            "and use tls://, or say --insecure-scheduler."
        )
    say(
        "The scheduler is used without encryption: whoever can reach it can run code on the workers."
    )


def _scheduler_at(text: str) -> tuple[str, str]:
    """Return the scheme and the host of a scheduler's address, which holds nothing else but a port."""
    from urllib.parse import urlsplit

    try:
        address = urlsplit(text)
        host, port = address.hostname, address.port
    except ValueError:  # a port that there cannot be, or half a bracket
        host = port = None
    if not host or not port or "@" in address.netloc or address.path.strip("/") or address.query:
        raise UsageError(
            "A scheduler's address is a machine and a port: write it as tls://HOST:PORT."
        )
    if address.scheme not in ("tls", "tcp"):
        raise UsageError(f"'{text}' is no address of a scheduler: write it as tls://HOST:PORT.")
    return address.scheme, host
