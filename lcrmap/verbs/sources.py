"""What a question may read: a data pack, files, standard input, and features at hand.

A layer is opened once and remembered, whoever asks for it. A second `Sources` in which one layer stands for another
answers the same question about another world: no verb knows the difference. Features at hand stand beside the pack's
layers, under names of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from lcrmap.errors import DataError, LcrmapError, UnknownNameError
from lcrmap.io.large import is_large, outgrows
from lcrmap.io.opening import read_layer, region_around
from lcrmap.io.parts import Parts, Progress, unsaid
from lcrmap.io.paths import files_meant, is_address, is_data_set, typed_path
from lcrmap.io.reading import Asked
from lcrmap.io.tasks import Runner, in_order
from lcrmap.layers import Input, Layer, Pack, open_pack

if TYPE_CHECKING:
    from lcrmap.io.covered import Covered
    from lcrmap.verbs.changing import Judge, Scene
    from lcrmap.verbs.people import People
    from lcrmap.verbs.places import Spots
    from lcrmap.verbs.question import Reads

__all__ = ["NOTHING_SAID", "Reading", "Refusal", "Sources", "atlas", "not_recorded"]

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read that does not tell it itself.

    Attributes
    ----------
    x, y
        The columns of a table with the coordinates, east-west and north-south.
    crs
        The code of the coordinate reference system.
    match
        ``COLUMN=LAYER``: by which column the rows of a table are found among the areas of which layer.
    encoding
        The encoding of the text of a table or Shapefile.
    strict
        Whether a table is refused in which a coordinate is no number.
    sum
        The columns of a table that are summed over the rows of one area.
    """

    x: str | None = None
    y: str | None = None
    crs: str | None = None
    match: str | None = None
    encoding: str | None = None
    strict: bool = False
    sum: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Reads) -> Reading:
        """Return how a question wants its first layer to be read."""
        return cls(
            x=question.x,
            y=question.y,
            crs=question.crs,
            match=question.match,
            encoding=question.encoding,
            strict=question.strict,
            sum=question.summed,
        )

    def asked(self) -> Asked:
        """Return what a reader is told."""
        return Asked(
            x=self.x or "",
            y=self.y or "",
            crs=self.crs or "",
            match=self.match or "",
            encoding=self.encoding or "",
            strict=self.strict,
            sum=self.sum,
        )


NOTHING_SAID = Reading()

Refusal = Callable[[str], LcrmapError | None]


def not_recorded(name: str) -> LcrmapError | None:
    """Return the error of a record that names a file which is none of its inputs."""
    return DataError(
        f"The record names '{name}', which is not one of its input files: lcrmap reads only layers of the data pack "
        f"and recorded files, named without a folder."
    )


class Sources:
    """Where a question's layers and places come from.

    Parameters
    ----------
    pack
        The data pack; None for lcrmap's own.
    stdin
        What ``-`` reads; None for the process's own.
    given
        Layers by name, each of which stands for the pack's layer or the file of that name.
    files
        Where files lie that are asked for by their bare name.
    closed
        Whether nothing is read but the pack, `given` and `files`: for a question that came from somebody else.
    refusal
        Returns the error of a name that closed sources do not know; None where the name alone is looked for, as it can
        mean no file.
    only_there
        Whether layers are without the features that their status says are not there; see `Layer.only_there`.
    runner
        Where large layers are looked at and worked on.
    addresses
        Those in an object store that may be opened: what was typed on a command line, and never what a file says.
    hash_full
        Whether every byte of a data set is read and hashed, not the footers of its files alone.
    foretell
        Takes a sentence on what will take long, before it is done; None where nobody waits.
    read
        Layers of the pack that were read already, by name, to which more are added; None for none. Sources that differ
        in what is given have them in common.
    """

    def __init__(
        self,
        pack: Pack | None = None,
        *,
        stdin: BinaryIO | None = None,
        given: Mapping[str, Layer] | None = None,
        files: Mapping[str, Path] | None = None,
        closed: bool = False,
        refusal: Refusal = not_recorded,
        only_there: bool = True,
        runner: Runner = in_order,
        addresses: frozenset[str] = frozenset(),
        hash_full: bool = False,
        foretell: Callable[[str], None] | None = None,
        read: dict[str, Layer] | None = None,
    ) -> None:
        self.pack = pack or open_pack()
        self._stdin = stdin
        self._given = dict(given or {})
        self._files = dict(files or {})
        self._closed, self._refusal = closed, refusal
        self._only_there = only_there
        self.runner = runner
        self._addresses, self._hash_full = addresses, hash_full
        self._foretell = foretell
        self._read = {} if read is None else read
        self._scenes: dict[str, Scene] = {}
        self._scened: dict[str, Sources] = {}
        self._kept: list[str] = []
        self._layers: dict[tuple[str, Reading], Layer] = {}
        self._spots: dict[tuple[str, Reading], Spots] = {}
        self._beside: dict[str, Layer | Covered] = {}
        self._found_out: dict[tuple[str, str], Any] = {}
        self._people: dict[tuple[str | None, tuple[str, ...]], People] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what was opened: what runs work, and what is piped, stays where the question was asked."""
        return {**self.__dict__, "runner": in_order, "_stdin": None, "_foretell": None}

    def layer(
        self, name: str, reading: Reading = NOTHING_SAID, *, need_geometry: bool = False
    ) -> Layer:
        """Open a layer, or return it as it was opened before.

        Parameters
        ----------
        name
            A layer at hand or of the pack, a file, or ``-``.
        reading
            How a file is read.
        need_geometry
            Whether a layer in which no feature has a position is refused.

        Raises
        ------
        UnknownNameError, FileError, GeometryError, CRSError
            See `lcrmap.io.opening.open_layer`.
        """
        key = (name, NOTHING_SAID if name in (*self._given, *self.pack.names) else reading)
        if key not in self._layers:
            given = self._given.get(name)
            layer = self._open(name, reading, need_geometry) if given is None else given
            self._layers[key] = layer.only_there() if self._only_there else layer
        return self._layers[key]

    def foretell(self, sentence: str) -> None:
        """Say what will take long, before it is done."""
        if self._foretell is not None:
            self._foretell(sentence)

    @property
    def opened(self) -> tuple[Layer | Parts, ...]:
        """The layers that were opened whole, those beside them, and those of scenarios."""
        beside = (each if isinstance(each, Layer) else each.parts for each in self._beside.values())
        scened = (each for one in self._scened.values() for each in one.opened)
        return (*self._layers.values(), *beside, *scened)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files of all that was opened, and of the scenarios."""
        read = (each for layer in self.opened for each in layer.inputs)
        scenes = (each for scene in self._scenes.values() for each in scene.inputs)
        return tuple(dict.fromkeys((*read, *scenes)))

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """The scenarios that were opened."""
        return tuple(self._scenes.values())

    @property
    def own_files(self) -> frozenset[str]:
        """The bare names of the files of somebody's own that may be read."""
        return frozenset(each.name for each in self._files.values())

    @property
    def changed(self) -> frozenset[str]:
        """The layers of the pack for which others stand."""
        return frozenset(self._given) & frozenset(self.pack.names)

    def counts(self, name: str) -> Mapping[str, int] | None:
        """Return how many features a layer of the pack has, as the pack says it; None where only opening it tells.

        Only lcrmap's own pack is believed: whoever made another may have changed its files since.
        """
        if not self.pack.own or name in self._given or not self._only_there:
            return None
        counts: Mapping[str, int] | None = self.pack.settings.get("counts", {}).get(name)
        return counts

    def has_file(self, name: str) -> bool:
        """Tell whether it is known where a file of this bare name lies."""
        return name in self._files

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the features at hand."""
        return tuple(self._kept)

    def keep(self, layer: Layer) -> str:
        """Keep features at hand, and return the name by which a question asks for them.

        They never stand for a layer of the pack: one that is called as another gets a number behind its name and title.
        What is the pack's own layer, unchanged, is asked for as that.
        """
        name, number = layer.name, 2
        if name in self.pack.names and _same(layer, self.layer(name)):
            return name
        title = layer.metadata.title
        while name in self.pack.names or name in self._given:
            name, title = f"{layer.name}-{number}", f"{layer.metadata.title} {number}"
            number += 1
        self._given[name] = replace(layer, metadata=layer.metadata.replaced(name=name, title=title))
        self._kept.append(name)
        return name

    def _open(self, name: str, reading: Reading, need_geometry: bool) -> Layer:
        if name not in self.pack.names:
            return self._opened(name, reading, need_geometry)
        if name not in self._read:
            self._read[name] = self._opened(name, reading, need_geometry)
        return self._read[name]

    def _opened(self, name: str, reading: Reading, need_geometry: bool) -> Layer:
        return read_layer(
            self.found(name),
            reading.asked(),
            pack=self.pack,
            stdin=self._stdin,
            need_geometry=need_geometry,
            region=self._region,
            opened=self.layer,
        )

    def _region(self) -> tuple[float, float, float, float] | None:
        """Return the box in which positions are expected; None where the pack has no areas that can be read."""
        try:
            areas = self.role("areas")
        except LcrmapError:
            return None
        return None if areas is None else region_around(areas)

    def found(self, name: str) -> str:
        """Return what is opened for a name: the path of a file that lies elsewhere, else the name.

        Raises
        ------
        LcrmapError
            If the sources are closed, and it is the name of neither a layer nor a file of theirs.
        """
        for bare, rest in files_meant(name) if self._files else ():
            if bare in self._files:
                return f"{self._files[bare]}{rest}"
            if bare in map(str, self._files.values()):
                return name  # it was found before
        if self._closed and name not in self.pack.names:
            refused = self._refusal(name)
            if refused is not None:
                raise refused
        return name

    def place(self, text: str) -> str:
        """Return what a place is looked for by: the path of a file that lies elsewhere, else the text.

        What is no layer and no file may be called a place, whatever letters it has; a file that is not among the
        sources is refused when it is to be opened.
        """
        known = any(bare in self._files for bare, _ in files_meant(text))
        return self.found(text) if known else text

    def parts(
        self,
        name: str,
        reading: Reading = NOTHING_SAID,
        *,
        need_geometry: bool = True,
        block: int | None = None,
        progress: Progress = unsaid,
    ) -> Parts | None:
        """Open a layer in splits; None if it is small, or none of a file.

        Raises
        ------
        WholeNeededError
            If the file does not come in splits.
        """
        if not self.is_large(name):
            return None
        from lcrmap.io.opening_parts import open_parts

        return open_parts(
            self.found(name),
            reading.asked(),
            pack=self.pack,
            need_geometry=need_geometry,
            block=block,
            progress=progress,
            region=self._region,
            runner=self.runner,
            hash_full=self._hash_full,
        )

    def beside(self, name: str, *, need_geometry: bool = False) -> Layer | Covered:
        """Open the layer beside the one that may be large; of a data set that is too large to be held, what covers it.

        Parameters
        ----------
        name, need_geometry
            As for `layer`.

        Raises
        ------
        UsageError
            If it is an address, or a data set that is too large to be held and has no covering.
        """
        if name not in self._beside:
            if not self._is_data_set(name):
                return self.layer(name, need_geometry=need_geometry)
            from lcrmap.verbs.beside import opened_beside

            self._beside[name] = opened_beside(
                self.found(name),
                pack=self.pack,
                need_geometry=need_geometry,
                region=self._region,
                runner=self.runner,
                hash_full=self._hash_full,
            )
        return self._beside[name]

    def outgrows(self, name: str) -> int:
        """Return the bytes of a file or a data set that is too large to be held beside a layer in parts; else 0."""
        text = self._file(name)
        return 0 if text is None else outgrows(text)

    def is_covered(self, name: str) -> bool:
        """Tell whether a layer is a data set that is too large to be held; one that was opened is what it was then."""
        if name in self._beside:
            return not isinstance(self._beside[name], Layer)
        return self._is_data_set(name) and self.outgrows(name) > 0

    def _is_data_set(self, name: str) -> bool:
        text = self._file(name)
        return text is not None and is_data_set(text)

    def _file(self, name: str) -> str | None:
        """Return what may be opened for a name; None for layers at hand and of the pack, and what must not be."""
        if name in self._given or name in self.pack.names:
            return None
        try:
            return self.found(name)
        except LcrmapError:
            return None  # it may be a place, and is refused where it is opened as a layer

    def found_out(self, what: str, name: str, make: Callable[[], Known]) -> Known:
        """Return what was found out about a layer, which is found out once, and sent with the sources."""
        known = self._found_out
        if (what, name) not in known:
            known[what, name] = make()
        found: Known = known[what, name]
        return found

    def is_large(self, name: str) -> bool:
        """Tell whether a layer is a file that is better read in splits."""
        if name in self._given or (name in self.pack.names and self.pack.metadata(name).there):
            return False  # what is not there is told of the whole
        found = self.found(name)
        return found in self._addresses if is_address(found) else is_large(found, pack=self.pack)

    def role(self, role: str) -> Layer | None:
        """Open the layer that plays a role in the pack; None if none does."""
        return self.layer(self.pack.role(role).layer) if self.pack.has_role(role) else None

    def spots(self, text: str, reading: Reading = NOTHING_SAID) -> Spots:
        """Open the places that a text means; see `lcrmap.verbs.places.open_spots`."""
        from lcrmap.verbs.places import open_spots

        key = (text, reading)
        if key not in self._spots:
            try:
                self._spots[key] = open_spots(text, self, reading)
            except UnknownNameError as error:
                raise self._told(error, text) from None
        return self._spots[key]

    def spots_beside(self, text: str) -> Spots:
        """Open the places that a text means, which may be a data set that is small enough to be held."""
        from lcrmap.io.places import Place
        from lcrmap.verbs.places import spots_of

        if text not in self._beside and not self._is_data_set(text):
            return self.spots(text)
        layer = self.beside(text)
        assert isinstance(layer, Layer)  # noqa: S101 (what is not held was asked for otherwise)
        rows = tuple(range(len(layer.frame)))
        return spots_of(Place(text, "layer", layer, layer.name, rows))

    def _told(self, error: UnknownNameError, text: str) -> UnknownNameError:
        """Return the error of a place that is not found; it says which scenario adds it, if one of the pack's does."""
        recorded = self._closed and self._refusal is not_recorded
        if recorded or error.kind not in ("place", "feature"):
            return error
        from lcrmap.verbs.added_places import told_of_scenario

        return told_of_scenario(error, text, self)

    def people(self, of: str | None = None, groups: tuple[str, ...] = ()) -> People:
        """Open the pack's residents, or what is counted instead; see `lcrmap.verbs.people.open_people`."""
        from lcrmap.verbs.people import open_people

        if (of, groups) not in self._people:
            self._people[of, groups] = open_people(self, of, groups)
        return self._people[of, groups]

    def with_layers(self, layers: Mapping[str, Layer]) -> Sources:
        """Return sources in which layers stand for those of their names; the pack's others are not read again."""
        made = Sources(
            self.pack,
            stdin=self._stdin,
            given={**self._given, **layers},
            files=self._files,
            closed=self._closed,
            refusal=self._refusal,
            only_there=self._only_there,
            runner=self.runner,
            addresses=self._addresses,
            hash_full=self._hash_full,
            foretell=self._foretell,
            read=self._read,
        )
        made._kept = list(self._kept)
        return made

    def scene(self, name: str, judged: Judge | None = None) -> Scene:
        """Open a scenario; see `lcrmap.verbs.changing.open_scene`.

        Parameters
        ----------
        judged
            Returns what is wrong with its aims; None to look at their measures alone.
        """
        from lcrmap.verbs.aiming import measure_faults
        from lcrmap.verbs.changing import open_scene

        if judged is not None or name not in self._scenes:
            self._scenes[name] = open_scene(
                name,
                self.pack,
                judged or partial(measure_faults, pack=self.pack),
                found=self._path,
                beside=self._path if self._closed else None,
                read=self._read,
            )
        return self._scenes[name]

    def _path(self, name: str) -> Path:
        """Return where a file lies that a scenario is, or that a recorded one names."""
        return typed_path(self.found(name))

    def in_scenario(self, name: str | None) -> Sources:
        """Return sources in which the region is as a scenario has it; these ones where none is named."""
        if name is None:
            return self
        if name not in self._scened:
            self._scened[name] = self.with_layers(self.scene(name).layers)
        return self._scened[name]


def _same(layer: Layer, own: Layer) -> bool:
    """Tell whether a layer is the pack's own, with all its rows as they are there."""
    same = layer.metadata == own.metadata and layer.inputs == own.inputs
    return same and layer.frame.crs == own.frame.crs and layer.frame.equals(own.frame)


def atlas(pack: Pack) -> list[str]:
    """Return the names of the layers that the pack's atlas shows when it opens."""
    return list(pack.role("atlas").options.get("layers", []))
