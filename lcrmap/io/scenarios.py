"""Find and read the files of scenarios: of the pack, or of the user with what lies beside them.

A file of a scenario may be a stranger's. What it names, a base or a file of places, is a name in its own folder or in
the pack; nothing else is looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lcrmap.errors import (
    DataError,
    FileError,
    MissingFileError,
    UnknownNameError,
    UsageError,
)
from lcrmap.io.paths import is_file, stays_in, typed_path
from lcrmap.layers import Input, Pack
from lcrmap.layers.names import is_file_name, is_plain_name
from lcrmap.layers.plain import LARGEST_TOML, toml_values
from lcrmap.layers.scenario import BASELINE, Scenario, ScenarioError, scenario_from

__all__ = ["ScenarioFile", "bundled_scenarios", "example_scenario", "open_scenario"]

SUFFIX: Final = ".toml"
LONGEST_CHAIN: Final = 10
_FOLDER: Final = "scenarios"
_EXAMPLE: Final = "examples/scenario.toml"

Found = Callable[[str], Path]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario and the file that it was read from.

    Attributes
    ----------
    name
        What it is called on the command line and in messages: its name in the pack, or that of its file.
    folder
        Where the files lie that it may name; None for the pack's own, which name none.
    """

    name: str
    scenario: Scenario
    input: Input
    folder: Path | None


def bundled_scenarios(pack: Pack) -> dict[str, Path]:
    """Return the files of the pack's own scenarios by name, in alphabetical order.

    Raises
    ------
    DataError
        If one of them is a link that leaves the pack's folder.
    """
    folder = pack.folder / _FOLDER
    if not folder.is_dir():
        return {}
    files = (each for each in folder.iterdir() if each.suffix == SUFFIX and each.is_file())
    found = {each.stem: each for each in sorted(files) if is_plain_name(each.stem)}
    for each in found.values():
        _refuse_link(each, pack.folder)
    return found


def example_scenario(pack: Pack) -> bytes:
    """Return the pack's example of a scenario, as TOML.

    Raises
    ------
    UsageError
        If the pack has none.
    """
    path = pack.folder / _EXAMPLE
    if not path.is_file():
        raise UsageError(
            f"The data pack '{pack.name}' has no {_EXAMPLE}, which would be the example."
        )
    _refuse_link(path, pack.folder)
    return path.read_bytes()


def open_scenario(
    name: str, pack: Pack, *, found: Found = typed_path, beside: Found | None = None
) -> tuple[ScenarioFile, ...]:
    """Read a scenario and all that it builds on.

    Parameters
    ----------
    name
        `BASELINE`, a scenario of the pack, or a file.
    found
        Returns where a file lies that is named.
    beside
        Returns where a file lies that a scenario names; None to look in the scenario's own folder.

    Returns
    -------
    tuple of ScenarioFile
        The one that builds on the baseline first, the one that is named last; none for the baseline.

    Raises
    ------
    UnknownNameError
        If there is no such scenario.
    ScenarioError
        If it is not known what one of them builds on, or they build on one another in a circle; it holds every fault of
        their form too. Where it is known, these stand in the scenarios.
    FileError
        If a file cannot be read as TOML.
    """
    chain: list[ScenarioFile] = []
    bundled = bundled_scenarios(pack)
    wanted, folder = name, Path()
    while wanted != BASELINE:
        try:
            if wanted in bundled:
                read = _read(wanted, bundled[wanted], None)
            elif chain:
                read = _read_base(wanted, chain[-1], tuple(bundled), folder, beside)
            else:
                read = _read_named(wanted, found(wanted), tuple(bundled))
            _refuse_circle(read, chain)
        except _BaseError as error:
            raise _with_forms(chain, str(error)) from None
        chain.append(read)
        if not read.scenario.based:
            raise _with_forms(chain)
        wanted, folder = read.scenario.base, read.folder or Path()
    return tuple(reversed(chain))


class _BaseError(Exception):
    """Why it is not known what the last scenario of a chain builds on."""


def _with_forms(chain: Sequence[ScenarioFile], *faults: str) -> ScenarioError:
    """Return the error of a chain whose last scenario has faults, with what is wrong with the form of each."""
    *above, last = chain
    told = [
        ScenarioError(each.name, each.scenario.faults) for each in above if each.scenario.faults
    ]
    return ScenarioError(last.name, (*faults, *last.scenario.faults), told)


def _likely(name: str, folder: Path | None, bundled: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a name that is no scenario may mean: the file that lacks its suffix alone, or else any of the pack's.

    Parameters
    ----------
    folder
        Where files may be named; None for nowhere.
    """
    file = f"{name}{SUFFIX}"
    bare = file.replace("\\", "/").rpartition("/")[2]
    if folder is not None and is_file_name(bare) and is_file(folder / bare):
        return (file,)
    return (BASELINE, *bundled)


def _read_named(name: str, path: Path, bundled: tuple[str, ...]) -> ScenarioFile:
    """Read the file that the user names."""
    if path.suffix.lower() != SUFFIX and not is_file(path):
        hint = f"A scenario is a name from 'lcrmap scenarios' or a {SUFFIX} file."
        known = _likely(name, path.parent, bundled)
        raise UnknownNameError("scenario", name, known, hint=hint)
    if not is_file(path):
        raise MissingFileError(f"There is no file '{name}': check the name of the scenario.")
    return _read(path.name, path, path.parent)


def _read_base(
    name: str, above: ScenarioFile, bundled: tuple[str, ...], folder: Path, beside: Found | None
) -> ScenarioFile:
    """Read what a scenario builds on, which is named by its file."""
    told = f"'base' names '{name}', which is neither a scenario of the pack"
    if above.folder is None or not name.endswith(SUFFIX):
        likely = _likely(name, None if beside else above.folder, bundled)
        remedy = UnknownNameError("scenario", name, likely).remedy
        raise _BaseError(f"{told} nor a {SUFFIX} file beside this one: {remedy}")
    if not is_file_name(name):
        raise _BaseError(
            f"{told} nor the bare name of a file: a scenario reads only its own folder, so put the file there."
        )
    path = folder / name if beside is None else beside(name)
    if not is_file(path):
        raise _BaseError(
            f"'base' names '{name}', and there is no such file: put it beside this one, or check its name."
        )
    if beside is None and not stays_in(folder, name):
        raise _BaseError(
            f"'base' names '{name}', a link that leads out of the scenario's folder: put the file itself there."
        )
    return _read(name, path, path.parent)


def _read(name: str, path: Path, folder: Path | None) -> ScenarioFile:
    try:
        with path.open("rb") as file:
            data = file.read(4 * LARGEST_TOML + 1)
    except OSError as error:
        raise FileError(f"'{path.name}' cannot be read: {error.strerror}.") from None
    if len(data) > 4 * LARGEST_TOML:
        raise FileError(
            f"'{path.name}' is larger than {4 * LARGEST_TOML / 1e6:.0f} MB, as no scenario is: put places into a file "
            f"beside it, and name that."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"'{path.name}' is no text in UTF-8: save it as UTF-8.") from None
    raw = toml_values(text, f"'{path.name}'")
    read = Input(path.name, hashlib.sha256(data).hexdigest())
    return ScenarioFile(name, scenario_from(raw), read, folder)


def _refuse_link(path: Path, folder: Path) -> None:
    """Refuse a file of the pack that is a link to somewhere else."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(f"'{path.name}' is a link that leaves the folder of its data pack.")


def _refuse_circle(read: ScenarioFile, chain: list[ScenarioFile]) -> None:
    names = [each.name for each in chain]
    if read.input in [each.input for each in chain]:
        circle = " builds on ".join(f"'{each}'" for each in (*names, read.name))
        raise _BaseError(f"'base' goes in a circle: {circle}; let one of them have another base.")
    if len(chain) == LONGEST_CHAIN:
        raise _BaseError(
            f"'base' leads over more than {LONGEST_CHAIN} scenarios: put some of them together."
        )
