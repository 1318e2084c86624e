"""``lcrmap completion``: the script for completion in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from lcrmap.cli import COMPLETION
from lcrmap.cli.command import Verb
from lcrmap.cli.door import hand_on


@click.command(cls=Verb)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands in your shell.

    It completes commands, options, layers, fields and categories.

    \b
    Examples:
      lcrmap completion bash
      lcrmap completion bash >> ~/.bashrc
      lcrmap completion zsh >> ~/.zshrc
      lcrmap completion fish > ~/.config/fish/completions/lcrmap.fish
    """
    complete = get_completion_class(shell)
    if complete is None:  # click knows all three; a fourth choice above would need this
        raise click.UsageError(f"There is no completion for {shell}.")
    script = complete(ctx.find_root().command, {}, "lcrmap", COMPLETION).source()
    hand_on(f"{script}\n".encode())
