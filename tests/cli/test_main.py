"""The command line as a whole: errors are one line with the right code, words go to stderr, data to stdout."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import lcrmap
from lcrmap.cli import BRIEFS, VERBS
from lcrmap.cli.options import Pattern
from lcrmap.cli.verbs import brief_of


def test_version_is_that_of_the_package(lcrmap: Callable) -> None:
    from lcrmap import __version__

    assert lcrmap("--version").out == f"lcrmap, version {__version__}\n"


def test_help_lists_every_verb(lcrmap: Callable) -> None:
    out = lcrmap("--help").out
    for verb in VERBS:
        assert f"\n  {verb} " in out


def test_help_says_what_each_verb_does_in_one_whole_sentence(
    lcrmap: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, _, after = lcrmap("--help").out.partition("\nCommands:\n")
    lines = after.partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == list(VERBS)
    for line in lines:
        assert len(line) <= 80
        assert line.endswith(".")
        assert not line.endswith("...")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["shwo"], 2, "No command 'shwo': did you mean 'show'?"),
        (["show", "freeport-site"], 2, "did you mean 'freeport-sites'?"),
        (["show", "boroughs", "--columns", "nme"], 2, "did you mean 'name'?"),
        (["show", "boroughs", "--sort", "size"], 2, "No column 'size' in boroughs"),
        (["show", "boroughs", "--where", "name = 'Bootle'"], 1, "None of the 6 rows"),
        (["show", "innovation-assets", "--where", "sector = 'net-zero'"], 2, "'net_zero'"),
        (["show", "nowhere.csv"], 3, "nowhere.csv"),
        (["show", "boroughs", "-o", "missing/x.csv"], 4, "missing"),
        (["show", "boroughs", "-o", "x.docx"], 2, ".docx"),
        (["map", "boroughs", "-o", "x.csv"], 2, ".html"),
        (["map", "--where", "name = 'x'"], 2, "must begin with a layer"),
        (["map", "--basemap", "nosuch"], 2, "nosuch"),
        (["map", "--lang", "xx"], 2, "xx"),
        (["layers", "--pack", "."], 3, "datapackage.json"),
        (["--engine", "dask", "show"], 2, "stands behind it, as in 'lcrmap COMMAND OPTION'."),
        (["--versoin"], 2, "--version"),
        (["show", "no-such-folder/"], 3, "No such folder 'no-such-folder/': check how it is"),
        (["show"], 2, "Missing argument 'LAYER': see 'lcrmap show --help'."),
        (["show", "boroughs", "--colums", "name"], 2, "--columns"),
        (["show", "boroughs", "-n", "-3"], 2, "-3 is not in the range x>=0"),
        (["map", "boroughs", "wards", "--where", "name = 'x'"], 2, "must begin with a layer"),
        (["map", "boroughs", "--category", "nme"], 2, "did you mean 'name'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_line_on_stderr_with_the_right_code(
    lcrmap: Callable, words: list[str], code: int, message: str
) -> None:
    outcome = lcrmap(*words)
    assert outcome.code == code, outcome.err
    assert message in outcome.err
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("Error: ")


def test_a_full_disk_behind_stdout_is_an_error(shell: Callable) -> None:
    outcome = shell("lcrmap show boroughs > /dev/full")
    assert outcome.code == 4
    assert (
        outcome.err.strip().splitlines()[-1].startswith("Error: Standard output cannot be written")
    )


def test_a_reader_that_leaves_early_sees_no_traceback(shell: Callable) -> None:
    outcome = shell("lcrmap show rail-stations --format geojsonl | head -1")
    assert json.loads(outcome.out)["type"] == "Feature"
    assert "Traceback" not in outcome.err


def test_an_option_does_not_change_the_layer_that_python_opened() -> None:
    boroughs = lcrmap.open_layer("boroughs", pack=lcrmap.open_pack())
    assert boroughs.name == "boroughs"


def test_bash_completes_layers_fields_and_categories(shell: Callable) -> None:
    def complete(*words: str) -> list[str]:
        array = " ".join(f'"{word}"' for word in words)
        line = (
            "source <(lcrmap completion bash 2>/dev/null); "
            f"COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; "
            '_lcrmap_completion lcrmap; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        return shell(line).out.split()

    assert complete("lcrmap", "sh") == ["show"]
    assert complete("lcrmap", "show", "inn") == ["innovation-assets"]
    assert "sector" in complete("lcrmap", "show", "innovation-assets", "--columns", "se")
    assert complete("lcrmap", "show", "innovation-assets", "--columns", "name,sec") == [
        "name,sector"
    ]


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_the_other_shells_have_a_script_too(lcrmap: Callable, name: str) -> None:
    assert "_LCRMAP_COMPLETE" in lcrmap("completion", name).out


def test_categories_complete_after_a_comparison() -> None:
    import click

    from lcrmap.cli import commands

    root = click.Context(commands)
    show = commands.get_command(root, "show")
    assert show is not None
    context = click.Context(show, parent=root)
    context.params = {"layer": "innovation-assets"}
    parameter = next(each for each in show.params if each.name == "where")
    offers = Pattern().shell_complete(context, parameter, "sector = 'net")
    assert [each.value for each in offers] == ["sector = 'net_zero'"]


def test_what_the_list_says_of_a_question_is_what_the_question_says() -> None:
    for verb, brief in BRIEFS.items():
        if not VERBS[verb]:
            assert brief_of(verb) == brief
