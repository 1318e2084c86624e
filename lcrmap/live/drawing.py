"""The drawing tools that a page loads when somebody draws: terra-draw and its adapter for Leaflet, as one module.

They are fetched when lcrmap is built, as Leaflet is (``build_backend``). Both are written for several module
systems; here each gets a function of its own, so that neither is global.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from lcrmap.errors import MissingPartError

__all__ = ["drawing_script"]

_FOLDER: Final = Path(str(resources.files("lcrmap.live"))) / "terra-draw"
_SOURCE_MAP: Final = re.compile(r"\n//# sourceMappingURL=.*")


@cache
def drawing_script() -> str:
    """Return the module; it exports ``kit``, which has what both libraries export.

    Raises
    ------
    MissingPartError
        If the libraries were not fetched.
    """
    return (
        "const kit = {}, module = {};\n"
        f"((exports) => {{\n{_file('terra-draw.js')}\n}})(kit);\n"
        f"((exports, require) => {{\n{_file('leaflet-adapter.js')}\n}})(kit, () => kit);\n"
        "export {kit};\n"
    )


def _file(name: str) -> str:
    path = _FOLDER / name
    if not path.is_file():
        raise MissingPartError(
            "terra-draw, with which lines and areas are drawn, is not there: run 'make assets' in a checkout, "
            "or 'pip install --force-reinstall lcrmap'."
        )
    return _SOURCE_MAP.sub("", path.read_text(encoding="utf-8")).strip()
