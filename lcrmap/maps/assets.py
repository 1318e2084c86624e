"""The files that a page embeds: Leaflet's, and our own style sheets and modules linked into one script.

Our modules are plain ES modules, so that Node's test runner can import them. For the page a few lines link them: they
are put in order, their ``import`` lines, the word ``export`` and the types for the type check are dropped, and all of
them stand in one strict function together with Leaflet, so that no name is global.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from lcrmap.errors import MissingPartError

__all__ = [
    "chart_style",
    "foreign_style",
    "leaflet_version",
    "link_modules",
    "module_names",
    "module_paths",
    "page_script",
    "page_styles",
    "picture_address",
    "style_of",
]

_HERE: Final = Path(str(resources.files("lcrmap.maps")))
_ASSETS: Final = _HERE / "assets"
_LEAFLET: Final = _HERE / "leaflet"
_IMPORT: Final = re.compile(
    r'^import \{[^}]*\} from "(\.{1,2}/[a-z_./]*?)([a-z_]+)\.mjs";\n', re.MULTILINE
)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)
_JSDOC: Final = r"/\*\*(?:[^*]|\*(?!/))*\*/"
_TYPES: Final = re.compile(rf"^[ \t]*{_JSDOC}\n|{_JSDOC} ?", re.MULTILINE)
_INDENTED = re.compile(r"^ +", re.MULTILINE)
_REMARK: Final = re.compile(r"[ \t]*/\*(?:[^*]|\*(?!/))*\*/")
_BLANKS: Final = re.compile(r"(?<=\n)\s+|[ \t]+(?=\n)|(?<=[:;{]) | (?=\{)")
_STYLES: Final = ("layout.css", "chart.css", "map.css", "print.css")


@cache
def page_script(entry: str = "main", folder: Path = _ASSETS, begin: str = "start") -> str:
    """Return the one script of a page: Leaflet and our modules in a function of their own.

    Parameters
    ----------
    entry
        The module that is begun with.
    folder
        Where it lies; a module that is imported from ``../`` lies elsewhere.
    begin
        The function of it that is called with Leaflet.
    """
    leaflet = re.sub(r"\n//# sourceMappingURL=.*", "", _leaflet_file("leaflet.js")).strip()
    return (
        '(() => {\n"use strict";\n'
        "const L = (() => {\nconst exports = {}, module = {exports};\n"
        f"{leaflet}\nexports.noConflict(); delete window.L; return exports;\n}})();\n"
        f"{_closer(link_modules(entry, folder))}"
        f"{begin}(L);\n}})();"
    )


@cache
def page_styles() -> str:
    """Return Leaflet's style sheet without its pictures, then ours; without comments, as every page carries them."""
    leaflet = re.sub(r"[^;{}]*:\s*url\([^)]*\);", "", _leaflet_file("leaflet.css"))
    own = [(_ASSETS / name).read_text(encoding="utf-8") for name in _STYLES]
    return _close_rules("\n".join([leaflet, *own]))


@cache
def style_of(name: str) -> str:
    """Return a style sheet that only some pages have, such as ``crossed.css``, without its comments."""
    return _close_rules((_ASSETS / name).read_text(encoding="utf-8"))


@cache
def chart_style() -> str:
    """Return the style sheet of charts alone, for what is no page with a map."""
    return (_ASSETS / "chart.css").read_text(encoding="utf-8")


@cache
def foreign_style() -> str:
    """Return the style sheet of what folium children draw."""
    return (_ASSETS / "foreign.css").read_text(encoding="utf-8")


@cache
def picture_address(name: str) -> str:
    """Return one of Leaflet's pictures, such as ``marker-icon.png``, as a ``data:`` address."""
    data = _leaflet_path(name).read_bytes()
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"


def link_modules(entry: str = "main", folder: Path = _ASSETS) -> str:
    """Return the modules that `entry` needs, each after those that it imports, as one text."""
    parts = []
    for path in module_paths(entry, folder):
        text = _without_types(path.read_text(encoding="utf-8"))
        parts.append(_EXPORT.sub("", _IMPORT.sub("", text)))
    return "\n".join(parts)


def module_names(entry: str = "main", folder: Path = _ASSETS) -> list[str]:
    """Return the names of `entry` and of every module that it needs, in the order of linking."""
    return [path.stem for path in module_paths(entry, folder)]


def module_paths(entry: str = "main", folder: Path = _ASSETS) -> list[Path]:
    """Return where `entry` and every module that it needs lie, in the order of linking."""
    done: list[Path] = []

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        if path in above:
            names = " > ".join(each.stem for each in (*above, path))
            raise ValueError(f"The modules import each other in a circle: {names}.")
        if path in done:
            return
        for place, needed in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit((path.parent / place / f"{needed}.mjs").resolve(), (*above, path))
        done.append(path)

    visit((folder / f"{entry}.mjs").resolve(), ())
    return done


def _without_types(text: str) -> str:
    """Return a module without its ``/** */`` comments, which only the type check reads; ``//`` comments stay."""
    return _TYPES.sub("", text)


def _closer(text: str) -> str:
    """Return a script with a quarter of its indentation and no empty lines: no text of ours goes over several lines."""
    return re.sub(r"\n{2,}", "\n", _INDENTED.sub(lambda found: found[0][::4], text))


def _close_rules(text: str) -> str:
    """Return a style sheet without its comments, and without the blanks that mean nothing: no text of ours has such."""
    return _BLANKS.sub("", _REMARK.sub("", text))


@cache
def leaflet_version() -> str:
    """Return the version of the Leaflet that pages embed."""
    found = re.search(r"Leaflet (\d+\.\d+\.\d+)", _leaflet_file("leaflet.js")[:500])
    return found.group(1) if found else "unknown"


def _leaflet_file(name: str) -> str:
    return _leaflet_path(name).read_text(encoding="utf-8")


def _leaflet_path(name: str) -> Path:
    path = _LEAFLET / name
    if not path.is_file():
        raise MissingPartError(
            "Leaflet, which pages embed, is not there: run 'make assets' in a checkout, "
            "or 'pip install --force-reinstall lcrmap'."
        )
    return path
