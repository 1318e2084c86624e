"""Which machines do the work: the options of the command line that say so, and the runner that they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from lcrmap.cli.door import say
from lcrmap.cli.options import bundle
from lcrmap.errors import MissingPartError, UsageError
from lcrmap.io.tasks import Runner

__all__ = ["engine_options", "runner_of"]

INSTALL: Final = "pip install 'lcrmap[scale]'"

_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Size(click.ParamType[int]):
    """A number of bytes, such as ``1.5GB``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes."""
        found = _SIZE.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"'{value}': write it as in 1.5GB or 800MB", param, ctx)
        return int(float(found[1]) * _UNITS[found[2].upper()])


_FILE: Final = click.Path(dir_okay=False, path_type=Path)

engine_options = bundle(
    click.option(
        "--engine",
        type=click.Choice(["here", "dask"]),
        default="here",
        show_default=True,
        help="Who does the work: this process, or workers of Dask (extra 'scale').",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help="Start so many worker processes on this machine.",
    ),
    click.option(
        "--memory", type=Size(), metavar="SIZE", help="Memory of each of them, such as 1.5GB."
    ),
    click.option(
        "--scheduler", metavar="ADDRESS", help="Use a running scheduler: tls://HOST:PORT."
    ),
    click.option("--tls-ca", type=_FILE, metavar="FILE", help="Certificate of its authority."),
    click.option("--tls-cert", type=_FILE, metavar="FILE", help="Certificate to show it."),
    click.option("--tls-key", type=_FILE, metavar="FILE", help="Key of that certificate."),
    click.option(
        "--insecure-scheduler",
        is_flag=True,
        help="Use one on another machine without encryption: whoever reads along may run code there.",
    ),
    click.option(
        "--patience",
        type=click.FloatRange(min=1),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for workers that are gone.",
    ),
)


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
    if params.get("engine", "here") == "here":
        _refuse_idle(params)
        from lcrmap.engines.here import read_ahead

        yield read_ahead
        return
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
    for name in ("workers", "scheduler", "memory", "tls_ca", "tls_cert", "tls_key"):
        if params.get(name):
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} is for workers of Dask: add --engine dask.")


def _refuse_open(scheduler: str, params: Mapping[str, Any]) -> None:
    """Refuse a scheduler to which anything but an encrypted way leads, unless it is this machine's."""
    address = urlsplit(scheduler)
    certificates = [params[name] for name in ("tls_ca", "tls_cert", "tls_key")]
    if address.scheme == "tls":
        if not all(certificates):
            raise UsageError("A tls:// scheduler wants --tls-ca, --tls-cert and --tls-key.")
        return
    if address.scheme != "tcp" or not address.port:
        raise UsageError(
            f"'{scheduler}' is no address of a scheduler: write it as tls://HOST:PORT."
        )
    if address.hostname in _LOOPBACK:
        return
    if not params["insecure_scheduler"]:
        raise UsageError(
            "Whoever reaches a scheduler without encryption can run code on its workers: start it with certificates "
            "and use tls://, or say --insecure-scheduler."
        )
    say(
        "The scheduler is used without encryption: whoever can reach it can run code on the workers."
    )
