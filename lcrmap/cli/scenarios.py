"""``lcrmap scenarios``: the list, one of them, and an example to begin with."""

from __future__ import annotations

import shlex
from typing import Any

import click

from lcrmap.cli.verbs import command_for
from lcrmap.errors import UsageError

__all__ = ["scenarios"]

scenarios = command_for("scenarios")
_asks = scenarios.callback


def _run(example: bool, **params: Any) -> None:
    named = [each for each in (params["scenario"], *click.get_current_context().args) if each]
    if example and named:
        raise UsageError(f"--example prints a scenario of its own: leave out {named[0]}.")
    if len(named) > 1:
        told = f"To tell what changes takes one scenario, and {len(named)} are named"
        raise UsageError(f"{told}: 'lcrmap compare {shlex.join(named)}' compares them.")
    if not example:
        assert _asks is not None  # noqa: S101 (a command that asks a question)
        _asks(**params)
        return
    from lcrmap.cli.door import hand_on
    from lcrmap.io.scenarios import example_scenario
    from lcrmap.layers import open_pack

    hand_on(example_scenario(open_pack(params["pack"])))


scenarios.callback = _run
scenarios.context_settings["allow_extra_args"] = True  # so that it can be said what to do with them
scenarios.params.append(
    click.Option(["--example"], is_flag=True, help="Print an example in TOML and exit.")
)
