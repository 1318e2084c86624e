"""``lcrmap scenarios``: the list, one of them, and an example to begin with."""

from __future__ import annotations

from typing import Any

import click

from lcrmap.cli.verbs import command_for

__all__ = ["scenarios"]

scenarios = command_for("scenarios")
_asks = scenarios.callback


def _run(example: bool, **params: Any) -> None:
    if not example:
        assert _asks is not None  # noqa: S101 (a command that asks a question)
        _asks(**params)
        return
    from lcrmap.cli.door import hand_on
    from lcrmap.io.scenarios import example_scenario
    from lcrmap.layers import open_pack

    hand_on(example_scenario(open_pack(params["pack"])))


scenarios.callback = _run
scenarios.params.append(
    click.Option(["--example"], is_flag=True, help="Print an example in TOML and exit.")
)
