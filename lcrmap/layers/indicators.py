"""What a pack knows of its areas besides their shapes: indicators, each with its source, its date and how it sums.

These are plain values; the figures themselves stand in the pack's tables, which `lcrmap.io.indicators` reads when they
are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from lcrmap.errors import DataError, UnknownNameError, UsageError, close_names

__all__ = ["Indicator", "IndicatorSource", "Indicators", "Sums"]

Sums = Literal["count", "share", "mean", "score", "none"]
"""How the figure of a larger area comes about: counts are added; a share is divided anew, or weighted by its base; a
mean is weighted by what it is the mean of; of scores there is a mean weighted by residents; of a rank there is none."""

Better = Literal["up", "down", "neither"]

RESIDENTS: Final = "residents"
"""The count by which scores are weighted."""


@dataclass(frozen=True, slots=True)
class IndicatorSource:
    """Where figures come from, of what date they are, and what must be said with them."""

    title: str
    url: str
    as_of: str
    licence: str
    credit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure that is known of each area of a level.

    Attributes
    ----------
    level
        The layer of the smallest areas of which it is known.
    column
        Whether the level's table has it as a column; a share of two counts is divided when it is asked for.
    part, base
        The counts that a share divides; a share without a part is a column itself, weighted by its base.
    weight
        The count by which a mean is weighted.
    method, error
        How it was derived, and how far off it may be, if it was.
    empty
        Why a value may be missing.
    """

    id: str
    title: str
    theme: str
    unit: str
    level: str
    path: str
    column: bool
    sums: Sums
    better: Better
    source: IndicatorSource
    description: str = ""
    part: str = ""
    base: str = ""
    weight: str = ""
    method: str = ""
    error: str = ""
    empty: str = ""

    @property
    def derived(self) -> str:
        """How it was derived and how far it may be off, as a sentence; empty if it was not."""
        error = f" ({self.error})" if self.error else ""
        return f"Derived: {self.method}{error}." if self.method else ""

    @property
    def weighted_by(self) -> str:
        """The count by which values are weighted where areas are put together; empty for counts and ranks."""
        if self.sums == "score":
            return RESIDENTS
        return {"share": self.base, "mean": self.weight}.get(self.sums, "")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are needed for it at any level."""
        own = self.part or self.id
        return tuple(dict.fromkeys(each for each in (own, self.weighted_by) if each))


@dataclass(frozen=True, slots=True)
class Indicators:
    """All indicators of a pack.

    Attributes
    ----------
    levels
        The layers whose areas nest, the smallest areas first, each with its column in the table at `nesting`.
    nesting
        The table that says of which larger areas each of the smallest is a part; a path in the pack.
    entries
        The indicators by their ids, in the pack's order.
    profile
        Those of a profile of an area, residents first.
    services
        The layers of which a profile names what is nearest.
    """

    levels: Mapping[str, str]
    nesting: str
    entries: Mapping[str, Indicator]
    profile: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.entries.values())

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes, in the pack's order."""
        return tuple(dict.fromkeys(each.theme for each in self))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of figures, as paths in the pack."""
        return tuple(dict.fromkeys((self.nesting, *(each.path for each in self if each.path))))

    def named(self, name: str) -> Indicator:
        """Return the indicator called `name`.

        Raises
        ------
        UnknownNameError
            If there is none; the message says what is nearly called so.
        """
        if name not in self.entries:
            raise UnknownNameError(
                "indicator", name, list(self.entries), remedy="see 'lcrmap indicators'"
            )
        return self.entries[name]

    def sums_to(self, indicator: Indicator, level: str) -> bool:
        """Tell whether there is a figure of an indicator for the areas of a level."""
        known = list(self.levels)
        if level not in known or known.index(level) < known.index(indicator.level):
            return False
        return level == indicator.level or indicator.sums != "none"

    def check_level(self, indicator: Indicator, level: str) -> None:
        """Refuse a level of which an indicator is not known.

        Raises
        ------
        UsageError
            It says why, and of which areas it is known.
        """
        if self.sums_to(indicator, level):
            return
        known = [each for each in self.levels if self.sums_to(indicator, each)]
        listed = " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))
        if level not in self.levels:
            raise UsageError(
                f"'{indicator.id}' is known of {listed}, which nest, and not of {level}: ask for one of these."
            )
        if indicator.sums == "none" and level != indicator.level:
            raise UsageError(
                f"'{indicator.id}' of {indicator.level} does not sum: {level} have no such figure"
                f"{self._instead(indicator)}."
            )
        raise UsageError(
            f"'{indicator.id}' is not known of areas as small as {level}: ask for {listed}."
        )

    def _instead(self, indicator: Indicator) -> str:
        """Name a score that has a mean, for a rank that has none."""
        stem = indicator.id.partition("_")[0]
        scores = [each.id for each in self if each.sums == "score" and each.id.startswith(stem)]
        near = close_names(f"{stem}_score", scores, most=1)
        return f", but '{near[0]}' has a mean" if near else ""


def read_indicators(settings: Mapping[str, Any]) -> Indicators:
    """Read what a pack's settings say of indicators.

    Parameters
    ----------
    settings
        What stands under ``lcrmap`` in ``datapackage.json``.

    Raises
    ------
    UsageError
        If the pack has none.
    DataError
        If a part is missing or of the wrong kind.
    """
    raw = settings.get("indicators")
    if raw is None:
        raise UsageError("The data pack knows no indicators: its datapackage.json lists none.")
    try:
        tables = {each["name"]: each for each in raw["tables"]}
        sources = {name: _source(each) for name, each in raw["sources"].items()}
        entries: dict[str, Indicator] = {}
        for each in raw["entries"]:
            entries[each["id"]] = _entry(each, tables, sources, entries)
        known = Indicators(
            dict(raw["nesting"]["levels"]),
            raw["nesting"]["path"],
            entries,
            tuple(raw.get("profile", [])),
            tuple(raw.get("services", [])),
        )
        _check(known)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            f"The indicators of the data pack cannot be read ({error!r:.120}): compare them with data/datapackage.json."
        ) from error
    return known


def _source(raw: Mapping[str, str]) -> IndicatorSource:
    return IndicatorSource(
        raw["title"],
        raw.get("path", ""),
        raw["as_of"],
        raw["licence"],
        raw["credit"],
        raw.get("note", ""),
    )


def _entry(
    raw: Mapping[str, Any],
    tables: Mapping[str, Mapping[str, str]],
    sources: Mapping[str, IndicatorSource],
    before: Mapping[str, Indicator],
) -> Indicator:
    """Read one indicator; a share of a count is known where that count is, which stands before it."""
    derived = raw.get("derived", {})
    part = raw.get("part", "")
    table = tables[raw["table"]] if not part else None
    return Indicator(
        id=raw["id"],
        title=raw["title"],
        theme=raw["theme"],
        unit=raw["unit"],
        level=table["level"] if table else before[part].level,
        path=table["path"] if table else before[part].path,
        column=table is not None,
        sums=raw["sums"],
        better=raw["better"],
        source=sources[raw["source"]],
        description=raw.get("description", ""),
        part=part,
        base=raw.get("base", ""),
        weight=raw.get("weight", ""),
        method=derived.get("method", ""),
        error=derived.get("error", ""),
        empty=raw.get("empty", ""),
    )


def _check(known: Indicators) -> None:
    """Refuse indicators that name what there is not."""
    unknown = [each for each in known.profile if each not in known.entries]
    if unknown:
        raise ValueError(f"the profile names {unknown[0]!r}, which is no indicator")
    for each in known:
        if each.sums not in get_args(Sums) or each.better not in get_args(Better):
            raise ValueError(f"{each.id} sums or is better in a way that there is not")
        if each.level not in known.levels:
            raise ValueError(f"{each.id} is known of a level that does not nest")
        if each.sums in ("share", "mean") and not each.weighted_by:
            raise ValueError(f"{each.id} has no base or weight")
        for name in each.columns:
            if name != each.id and known.entries[name].sums != "count":
                raise ValueError(f"{each.id} is made from {name}, which is no count")
            if known.entries[name].level != each.level:
                raise ValueError(f"{each.id} is made from {name}, which is of another level")
