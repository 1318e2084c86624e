"""The data pack: a folder with a ``datapackage.json`` that names layers and gives them roles.

No borough, code or bounding box stands in lcrmap's code. Code asks the pack for a role ("which layer are the
areas?"), and a pack that lacks one is told so in a sentence.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lcrmap.errors import DataError, MissingPartError, UnknownNameError, UsageError
from lcrmap.layers.descriptor import read_descriptor
from lcrmap.layers.metadata import Metadata

if TYPE_CHECKING:
    from lcrmap.layers.indicators import Indicators

__all__ = ["Pack", "Role", "open_pack"]


@dataclass(frozen=True, slots=True)
class Role:
    """The layer, and often the field of it, that plays a part in an analysis or on a page."""

    layer: str
    field: str = ""
    options: dict[str, Any] = dataclasses.field(default_factory=dict, compare=False)


@dataclass(frozen=True, repr=False)
class Pack:
    """A folder of layers with their metadata and roles.

    Attributes
    ----------
    folder
        Where ``datapackage.json`` lies; the layers' paths start here.
    name, title, region, version
        The pack's own name, its title, the region that it describes, and its version.
    sha256
        The digest of its ``datapackage.json``; empty if it was made without one.
    own
        Whether it is the one that comes with lcrmap, whose features were checked when it was made.
    """

    folder: Path
    name: str
    title: str
    region: str
    version: str
    layers: tuple[Metadata, ...]
    settings: dict[str, Any]
    sha256: str = ""
    own: bool = False

    def __repr__(self) -> str:
        return f"Pack({self.title!r}, layers: {', '.join(self.names)})"

    def __iter__(self) -> Iterator[Metadata]:
        return iter(self.layers)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the layers, in the pack's order."""
        return tuple(each.name for each in self.layers)

    @property
    def short_name(self) -> str:
        """A few letters for file names, such as ``lcr``."""
        return str(self.settings.get("short_name", self.name))

    @cached_property
    def indicators(self) -> Indicators:
        """What is known of the areas besides their shapes; read when it is first asked for.

        Raises
        ------
        UsageError
            If the pack has none.
        """
        from lcrmap.layers.indicators import read_indicators  # few commands need it

        return read_indicators(self.settings)

    @property
    def has_indicators(self) -> bool:
        """Tell whether the pack has indicators."""
        return "indicators" in self.settings

    def metadata(self, name: str) -> Metadata:
        """Return what is known about the layer called `name`.

        Raises
        ------
        UnknownNameError
            If the pack has no such layer.
        """
        for each in self.layers:
            if each.name == name:
                return each
        raise UnknownNameError("layer", name, self.names)

    def path(self, name: str) -> Path:
        """Return the file of the layer called `name`; it always lies inside the pack's folder."""
        return self._inside(self.metadata(name).path, f"layer {name}")

    def table(self, path: str) -> Path:
        """Return a file of the indicators; it always lies inside the pack's folder."""
        return self._inside(path, f"table {path}")

    @property
    def tables(self) -> tuple[Path, ...]:
        """The files of the indicators, if there are any."""
        return tuple(map(self.table, self.indicators.paths)) if self.has_indicators else ()

    def _inside(self, path: str, called: str) -> Path:
        found = (self.folder / path).resolve()
        if not found.is_relative_to(self.folder.resolve()):
            raise DataError(f"The path of the {called} leaves the folder of its pack.")
        return found

    def has_role(self, role: str) -> bool:
        """Tell whether the pack assigns the role."""
        return role in self.settings.get("roles", {})

    def role(self, role: str) -> Role:
        """Return the layer that plays `role`.

        Raises
        ------
        UsageError
            If the pack assigns no layer to the role.
        """
        raw = self.settings.get("roles", {}).get(role)
        if raw is None:
            raise UsageError(
                f"The data pack '{self.name}' has no layer in the role '{role}', which this needs: "
                f"name one under lcrmap.roles in its datapackage.json, or leave this out."
            )
        if isinstance(raw, str):
            raw = {"layer": raw}
        options = {key: value for key, value in raw.items() if key not in ("layer", "field")}
        return Role(raw.get("layer", ""), raw.get("field", ""), options)


def open_pack(folder: str | Path | None = None) -> Pack:
    """Open a data pack.

    Parameters
    ----------
    folder : str or Path, optional
        A folder with a ``datapackage.json``; None for the one that comes with lcrmap.

    Returns
    -------
    Pack
        The layers' metadata and roles; no layer is read yet.

    Raises
    ------
    FileError
        If there is no ``datapackage.json`` (also a FileNotFoundError) or it cannot be read.

    Examples
    --------
    >>> pack = open_pack()
    >>> pack.metadata("boroughs").title
    'Boroughs'
    """
    root = Path(folder) if folder is not None else _bundled_folder()
    raw, data = read_descriptor(root / "datapackage.json")
    settings = raw.get("lcrmap", {})
    name = str(raw.get("name", root.name))
    title = str(raw.get("title", name))
    return Pack(
        folder=root,
        name=name,
        title=title,
        region=str(settings.get("region", title)),
        version=str(raw.get("version", "")),
        layers=tuple(Metadata.from_resource(each) for each in raw["resources"]),
        settings=settings,
        sha256=hashlib.sha256(data).hexdigest(),
        own=folder is None,
    )


def _bundled_folder() -> Path:
    """Find the pack in a wheel (``lcrmap/data``), or beside setup.cfg in a checkout."""
    inside = resources.files("lcrmap").joinpath("data")
    checkout = Path(__file__).resolve().parents[2] / "data"
    for folder in (Path(str(inside)), checkout):
        if (folder / "datapackage.json").is_file():
            return folder
    raise MissingPartError(
        "lcrmap's own data are not where they should be: install it again with 'pip install --force-reinstall lcrmap'."
    )
