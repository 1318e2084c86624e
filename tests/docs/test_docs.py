"""The documentation cannot drift: help blocks are the program's own, and every example runs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from lcrmap.cli import VERBS, commands

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

MYSITES = """\
name,kind,lat,lon
Pier Head,ferry,53.4046,-2.9972
Hall Road,station,53.4975,-3.0494
Widnes depot,,53.3630,-2.7330
"""


def verb(name: str) -> click.Command:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    return command


def examples_of(name: str) -> list[str]:
    """Return the lines under 'Examples:' in a verb's help."""
    _, _, after = (verb(name).help or "").partition("Examples:")
    return [line.strip() for line in after.splitlines() if line.strip().startswith("lcrmap ")]


def shell_lines(text: str) -> list[str]:
    """Return the lcrmap lines of the ```sh blocks of a Markdown text."""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("lcrmap ")]


def parsed(line: str) -> None:
    """Let the program read a line as somebody types it, down to the last option, and do nothing."""
    command: click.Command = commands
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    with command.make_context(command.name, words):
        pass


def lay_out(folder: Path) -> None:
    """Put the files that the examples speak of into a folder."""
    (folder / "output").mkdir(exist_ok=True)
    (folder / ".config" / "fish" / "completions").mkdir(parents=True, exist_ok=True)
    (folder / "mysites.csv").write_text(MYSITES, encoding="utf-8")
    (folder / "jobs.csv").write_text("borough,jobs\nLiverpool,3\nWirral,2\n", encoding="utf-8")
    shutil.copy(ROOT / "data" / "examples" / "scenario.toml", folder / "mine.toml")
    shutil.copytree(ROOT / "data" / "sites", folder / "data" / "sites")
    import geopandas as gpd

    boroughs = gpd.read_file(ROOT / "data" / "boundaries" / "boroughs.geojson")
    boroughs[["name", "geometry"]].to_file(folder / "areas.gpkg", layer="areas")
    for own in ("sites", "maps"):
        (folder / own).mkdir()


EXAMPLES = [(name, line) for name in VERBS for line in examples_of(name)]


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_an_example_in_its_help(name: str) -> None:
    assert examples_of(name)


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_every_example_of_the_help_runs(
    name: str, line: str, shell: Callable[..., object], tmp_path: Path
) -> None:
    lay_out(tmp_path)
    if name == "serve":  # it ends when a signal ends it, and its port may be somebody's
        line = line.replace("lcrmap serve", "timeout --preserve-status 15 lcrmap serve")
        line = line.replace("--port 8080", "--port 0")
    outcome = shell(line, HOME=str(tmp_path))
    assert outcome.code == 0, outcome.err  # type: ignore[attr-defined]


@pytest.mark.parametrize("line", shell_lines(README))
def test_every_example_of_the_readme_runs(
    line: str, shell: Callable[..., object], tmp_path: Path
) -> None:
    lay_out(tmp_path)
    outcome = shell(line, HOME=str(tmp_path))
    assert outcome.code == 0, outcome.err  # type: ignore[attr-defined]


def test_the_first_lines_about_data_sets_can_be_typed_one_after_the_other(
    shell: Callable[..., object], tmp_path: Path
) -> None:
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    for line in shell_lines(text)[:4]:
        outcome = shell(line, HOME=str(tmp_path))
        assert outcome.code == 0, outcome.err  # type: ignore[attr-defined]


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lay_out(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_the_tasks_in_python_print_what_stands_under_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", text, flags=re.DOTALL)
    assert len(re.findall(r"^## \d+\. ", text, flags=re.MULTILINE)) == 10
    assert len(blocks) == 13  # the ten tasks, of which two have two, and errors
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code, printed in blocks:
        exec(compile(code, "python.md", "exec"), names)
        told = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
        assert told == printed.splitlines(), code
    assert {each.name for each in tmp_path.iterdir()} == {
        "survey.html",
        "density.html",
        "offices.html",
        "sites.html",
    }


def test_the_commands_page_is_what_the_program_says() -> None:
    script = ROOT / "scripts" / "write_docs.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", VERBS)
def test_every_option_has_a_help_text(name: str) -> None:
    for parameter in verb(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_an_option_means_the_same_on_every_verb() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for name in VERBS:
        for parameter in verb(name).params:
            if not isinstance(parameter, click.Option):
                continue
            for spelling in parameter.opts:
                meaning = (
                    parameter.name or "",
                    "" if spelling == "--where" else parameter.help or "",
                )
                if spelling in ("-w", "--where", "--help", "-h"):
                    continue
                if name in (
                    "layers",
                    "indicators",
                    "scenarios",
                    "report",
                    "mcp",
                    "serve",
                ) and spelling in (
                    "-o",
                    "--output",
                ):
                    continue  # three write tables alone, others into a folder
                if spelling == "--by":
                    continue  # count groups by a column, gaps by areas: each says which
                if name == "check" and spelling == "--format":
                    continue  # it prints findings, the others rows
                if spelling == "--sum":
                    continue  # count sums features, map the rows of a table: both a column by area
                assert seen.setdefault(spelling, meaning) == meaning, f"{name} {spelling}"


def test_every_command_of_the_page_on_serving_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
    (service,) = re.findall(r"^ExecStart=/opt/lcrmap/bin/(lcrmap .*)$", text, re.MULTILINE)
    (nightly,) = re.findall(r"^15 2 \* .*/bin/(lcrmap .*?)\$\(", text, re.MULTILINE)
    lines = [*shell_lines(text), service, nightly]
    assert len(lines) > 8
    for line in lines:
        parsed(line)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
