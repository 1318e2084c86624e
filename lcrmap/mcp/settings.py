"""What a server may read, write and spend: said once, when it starts, and never by a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lcrmap.layers import Pack, open_pack

__all__ = ["MEMORY", "SECONDS", "Settings"]

SECONDS: Final = 60
MEMORY: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server may read, write and spend.

    Attributes
    ----------
    pack
        The folder of the data pack; None for lcrmap's own.
    allow
        Folders whose files may be read, with all links in their paths followed; none for the pack alone.
    output
        The folder in which files may be written; None for nowhere.
    scenario
        The scenario in which questions are asked that name none; None for the region as it is.
    seconds, memory
        How long a call may take, and how many bytes it may hold.
    changed
        The layers of the pack that were changed since it was written, as files of GeoJSON.
    """

    pack: Path | None = None
    allow: tuple[Path, ...] = ()
    output: Path | None = None
    scenario: str | None = None
    seconds: int = SECONDS
    memory: int = MEMORY
    changed: Mapping[str, bytes] = field(default_factory=dict)

    def open_pack(self) -> Pack:
        """Open the data pack."""
        return open_pack(self.pack)
