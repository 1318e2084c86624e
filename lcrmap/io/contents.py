"""What the layers of a file of many hold, told by fiona, which reads names and schemas without a feature."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

from lcrmap.io.describing import counted
from lcrmap.io.guard import GDAL_OPTIONS

__all__ = ["layers_in_words"]


def layers_in_words(path: Path, driver: str, names: Sequence[str], **opening: str) -> list[str]:
    """Return each layer's name with the number and kind of its features.

    Parameters
    ----------
    path
        A file of which it is known that its driver may read it.
    driver
        GDAL's name of its format.
    opening
        Options of the driver.

    Returns
    -------
    list of str
        The names alone where there is no fiona, as for Python 3.14, or where it cannot tell.
    """
    try:
        import fiona
        from fiona.errors import FionaError
    except ImportError:
        return list(names)
    found = []
    with warnings.catch_warnings(action="ignore"), fiona.Env(**GDAL_OPTIONS):
        for name in names:
            try:
                with fiona.open(path, layer=name, driver=driver, **opening) as layer:
                    kind = str(layer.schema["geometry"]).removeprefix("3D ")
                    found.append(f"{name}, {counted(len(layer), kind)}")
            except (FionaError, ValueError, OSError):
                found.append(name)
    return found
