"""Our modules: small, apart, linked into one function without a name in common."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lcrmap.errors import MissingPartError
from lcrmap.maps import assets
from lcrmap.maps.assets import link_modules, module_names, page_script, page_styles

ROOT = Path(__file__).parents[2]
FOLDER = Path(assets.__file__).parent / "assets"
FORBIDDEN = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "Function(",
    "fetch(",
    "XMLHttpRequest",
    "localStorage",
    "sessionStorage",
    "document.cookie",
    "</script",
]
TYPES = FOLDER / "types.mjs"  # comments for the type check, which no module imports
MODULES = sorted({*FOLDER.glob("*.mjs")} - {TYPES})
# Prints the tokens of each text of a list, comments left out.
TOKENS = """
import {readFileSync} from "node:fs";
import {Linter} from "eslint";
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((text) => {
  const linter = new Linter();
  linter.verify(text, []);
  return linter.getSourceCode().ast.tokens.map(({type, value}) => `${type} ${value}`);
})));
"""


def test_every_module_is_linked_once_after_those_that_it_needs() -> None:
    names = module_names("foreign")  # which needs all that "main" does
    assert sorted(names) == [path.stem for path in MODULES]
    for place, name in enumerate(names):
        text = (FOLDER / f"{name}.mjs").read_text(encoding="utf-8")
        needed = re.findall(r'^import .* from "\./(\w+)\.mjs"', text, re.M)
        assert set(needed) <= set(names[:place])


def test_no_two_modules_share_a_name() -> None:
    names: list[str] = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        names += re.findall(
            r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", text, re.M
        )
    assert sorted(names) == sorted(set(names))


def test_nothing_of_the_module_system_is_left() -> None:
    linked = link_modules()
    assert not re.search(r"^\s*(?:import|export)\b", linked, re.M)


def test_types_are_left_out_and_other_comments_stay(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text(
        '// Head.\n/** @import {T} from "./types.mjs" */\n\n/**\n * @typedef {T[]} U *\n */\n'
        "// Why.\n/** @type {(one: U) => string} */\nexport function a(one) {\n"
        "  /** @type {T} */ (one[0]).go(); // **\n"
        "  return one.map((each) => /** @type {T} */ ({...each})); // kept\n}\n"
    )
    assert link_modules("a", tmp_path) == (
        "// Head.\n\n// Why.\nfunction a(one) {\n"
        "  (one[0]).go(); // **\n  return one.map((each) => ({...each})); // kept\n}\n"
    )


def test_only_comments_are_left_out() -> None:
    written = [path.read_text(encoding="utf-8") for path in (*MODULES, TYPES)]
    shipped = [assets._without_types(text) for text in written]
    before, after = _tokens(written), _tokens(shipped)
    assert before == after
    assert [bool(tokens) for tokens in before] == [*(True for _ in MODULES), False]
    assert not re.search(r"/\*\*|@type", "".join(shipped))


def _tokens(texts: list[str]) -> list[list[str]]:
    command = ["node", "--input-type=module", "--eval", TOKENS]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(texts), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_a_circle_of_imports_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text('import {b} from "./b.mjs";\nexport const a = 1;\n')
    (tmp_path / "b.mjs").write_text('import {a} from "./a.mjs";\nexport const b = 1;\n')
    with pytest.raises(ValueError, match="a > b > a"):
        link_modules("a", tmp_path)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_modules_are_small_and_make_no_markup_of_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    assert text.startswith("// ")
    for word in FORBIDDEN:
        assert word not in text


def test_the_script_cannot_end_its_element() -> None:
    assert not re.search(r"</script|<!--", page_script(), re.I)


def test_styles_of_a_page_are_the_rules_without_the_comments() -> None:
    styles = page_styles()
    assert "/*" not in styles
    assert "*/" not in styles
    assert "\n.sort{display:contents;}\n" in styles
    assert styles.count("{") == styles.count("}")


def test_a_style_sheet_loses_the_blanks_that_mean_nothing_and_no_others() -> None:
    written = "@media (width: 1px) {\n  a b:is(i) > p { margin: 0 2px; top: calc(1px + 2px); }\n\n}  \n/* why */\n"
    closed = "@media (width:1px){\na b:is(i) > p{margin:0 2px;top:calc(1px + 2px);}\n}\n"
    assert assets._close_rules(written) == closed
    own = "".join((FOLDER / name).read_text(encoding="utf-8") for name in assets._STYLES)
    assert re.sub(r"\s", "", assets._REMARK.sub("", own)) in re.sub(r"\s", "", page_styles())
    assert all(text in page_styles() for text in re.findall(r'"[^"]*"', own))


def test_styles_name_no_file_and_no_colour_of_their_own() -> None:
    assert "url(" not in re.sub(r"url\(#[^)]*\)", "", page_styles())
    for path in FOLDER.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 300
        own = text if path.name != "print.css" else ""
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", own) == [], path.name


def test_a_missing_leaflet_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "_LEAFLET", tmp_path)
    page_script.cache_clear()
    try:
        with pytest.raises(MissingPartError, match="make assets"):
            page_script()
    finally:
        page_script.cache_clear()


def test_the_logic_passes_its_own_tests_in_node() -> None:
    node = shutil.which("node")
    assert node, "Node.js is needed for the tests of the page's logic: put node on the PATH."
    done = subprocess.run(
        [node, "--test", *map(str, sorted((Path(__file__).parent / "logic").glob("*.test.mjs")))],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_no_text_of_a_module_goes_over_several_lines_so_that_indentation_can_be_halved() -> None:
    folder = Path(assets.__file__).parent / "assets"
    open_ended = [
        f"{path.name}: {line}"
        for path in sorted(folder.glob("*.mjs"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.count("`") % 2 and "/^" not in line  # a regular expression may hold one
    ]
    assert open_ended == []
    script = page_script()
    assert "\n\n" not in script
    assert "\n return" in script
