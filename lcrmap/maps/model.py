"""The page model: the one object that page, list, legend, table, alternative text and stdout all read.

`build_model` counts, names and packs; it computes no distance and joins nothing. What it says in words is made in
`lcrmap.maps.sentences`, how layers look in `lcrmap.maps.styling`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

import lcrmap
from lcrmap.io.shapes import states_positions
from lcrmap.layers import Input, Layer, Pack
from lcrmap.layers.naming import named_apart
from lcrmap.maps.assets import leaflet_version
from lcrmap.maps.basemaps import Basemap, find_basemap
from lcrmap.maps.boxes import Bounds, areas_box, core_box, first_box, reaches
from lcrmap.maps.charts import Chart
from lcrmap.maps.columns import Column, clean
from lcrmap.maps.credits import Credit, make_credits
from lcrmap.maps.fields import (
    Arrangement,
    SourceColumns,
    arrange,
    confidence_codes,
    pack_columns,
    told_apart,
)
from lcrmap.maps.looks import JOINED, StyledLayer, looks_apart
from lcrmap.maps.passages import Passage
from lcrmap.maps.sentences import MOST_NAMED, Sentences, inside
from lcrmap.maps.shapes import Shapes, label_points, pack_shapes
from lcrmap.maps.styling import Circles, LegendEntry, Shading, Style, make_style
from lcrmap.maps.words import Words, load_words, squared

if TYPE_CHECKING:
    from lcrmap.maps.crossing import Crossed

__all__ = [
    "Credit",
    "LayerView",
    "LegendEntry",
    "PageLayer",
    "PageModel",
    "Part",
    "Provenance",
    "build_model",
]

Part = Literal["backdrop", "areas", "places"]


@dataclass(frozen=True, slots=True)
class LayerView:
    """A layer and the part that it plays on a page.

    Attributes
    ----------
    part
        ``backdrop`` is drawn below and has no table; ``areas`` are the outlines with names that places lie in;
        ``places`` are what the page is about, whatever their geometry.
    visible
        Whether the layer is shown when the page opens.
    area
        The column of `layer`, if it has it, with the area in which each place was found to lie.
    could_also_be
        By the row number of each feature that may lie elsewhere, as far as its position is known: the other values of
        that column which it may have, but for outside all areas. None if that is not known, and of no area may be said
        that it has the most.
    wish
        Shading, by one column or by two, or circles, instead of symbols by category.
    main
        The columns that the table shows after the name; empty for those that tell most of any layer.
    note
        A sentence under the layer in the legend, such as how its classes were made.
    sure
        Sentences on how sure the layer's figures are, beyond what its columns say.
    answering
        The row numbers of the features that the answer speaks of, of a layer that also has others: they are named
        and drawn in full strength, the others faintly. None where it speaks of all alike.
    merged
        Whether its areas may lie on each other and are seen as one, so that inside and outside are told apart.
    singly
        Whether each point is a symbol, however close to others, so that no disc hides the shades below.
    choice
        The name of the alternative to which it belongs, if only one of several is shown at a time: its switch shows
        all layers of this alternative and hides those of the others. Empty for none.
    called
        What the legend calls it, where its title is that of its table.
    written
        The column whose values stand beside its lines on the map, such as the distance; empty for none.
    marks
        Whether its features only mark some of another layer, so that what the page says does not count them.
    apart
        By the number of each feature among the layer's features what tells it from others of its name, where no
        column of `layer` does.
    """

    layer: Layer
    part: Part = "places"
    visible: bool = True
    area: str = "in_area"
    could_also_be: Mapping[int, tuple[str, ...]] | None = field(default_factory=dict)
    wish: Shading | Circles | Crossed | None = None
    main: tuple[str, ...] = ()
    note: str = ""
    sure: tuple[str, ...] = ()
    answering: tuple[int, ...] | None = None
    merged: bool = False
    singly: bool = False
    choice: str = ""
    called: str = ""
    written: str = ""
    marks: bool = False
    figure: str = ""
    apart: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the page was made from: the inputs, the versions and the command without paths.

    Attributes
    ----------
    recipe
        What was asked, as plain typed values, so that ``lcrmap verify`` can ask it again; None if nobody recorded it.
    """

    inputs: tuple[Input, ...]
    versions: tuple[tuple[str, str], ...]
    command: str
    recipe: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PageLayer:
    """A layer as a page shows it.

    Attributes
    ----------
    columns
        Every column, in the order in which a reader meets them.
    main
        The row numbers in `columns` of those that the table shows.
    label, key, area, error
        The row numbers in `columns` of the name, the key, the computed area and the position error; None without.
    could_also_be
        As in a view, with the areas as a reader sees them.
    sure
        How sure each row is: 0 confirmed or not stated, 1 reported, 2 reconstructed; empty if never stated.
    anchors
        For areas the points at which their names stand; else empty.
    selection, selected_from
        The filter by which the rows were chosen, and how many there were before; empty and 0 if all are there.
    breakdown
        What a total of this layer must be broken into when it is put into words, with the counts.
    closing
        Every column, for the rows that stand for no feature: sums and the like, which close the table.
    note
        A sentence under the layer in the legend; may be empty.
    told
        Further sentences on how sure the layer is.
    answering, merged, singly, choice, marks, figure
        As in a view.
    called
        What the legend calls it, where that is not its title.
    written
        The row number in `columns` of what stands beside its lines; None for nothing.
    stated
        Whether columns of its own say where its points are, so that a CSV of it needs no others.
    named
        How many features are what the noun says: all, but for rows of a table that name no known area.
    astray
        How many rows those are, and what they say; empty if there are none.
    apart
        By the row number of each feature that shares its name with others: what tells it from them, such as its
        borough.
    """

    name: str
    title: str
    part: Part
    visible: bool
    noun_one: str
    noun_many: str
    as_of: str
    total: int
    placed: int
    named: int
    columns: tuple[Column, ...]
    main: tuple[int, ...]
    label: int | None
    key: int | None
    area: int | None
    error: int | None
    source: SourceColumns
    sure: list[int]
    shapes: Shapes
    anchors: list[list[int] | None]
    style: Style
    selection: str
    selected_from: int
    breakdown: tuple[tuple[str, int], ...]
    could_also_be: Mapping[int, tuple[str, ...]] | None = None
    closing: tuple[Column, ...] = ()
    note: str = ""
    told: tuple[str, ...] = ()
    answering: tuple[int, ...] | None = None
    merged: bool = False
    singly: bool = False
    choice: str = ""
    called: str = ""
    written: int | None = None
    marks: bool = False
    figure: str = ""
    stated: bool = False
    astray: str = ""
    apart: Mapping[int, str] = field(default_factory=dict)

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """The entries of the legend, in order."""
        return self.style.entries

    @property
    def heading(self) -> str:
        """The title as it stands alone: with a capital, where nobody gave one and it is the name."""
        if self.title != self.name.split("~")[0]:
            return self.title
        return self.title[:1].upper() + self.title[1:]

    def name_of(self, row: int) -> str:
        """Return the name of a feature, told apart from its namesakes; empty if it has none."""
        name = "" if self.label is None else self.columns[self.label].text(row)
        return named_apart(name, self.apart.get(row))

    @property
    def says_total(self) -> bool:
        """Whether a legend says how many features there are: not where the number needs its breakdown."""
        return not self.merged and not self.breakdown

    @property
    def in_legend(self) -> int:
        """How many features a legend says that there are: of shaded areas those on the map, as their classes do."""
        if self.style.kind != "shade":
            return self.total
        return sum(each.count for each in self.legend)

    def noun(self, count: int) -> str:
        """Return the word for `count` features."""
        return self.noun_one if count == 1 else self.noun_many

    def column(self, name: str) -> Column | None:
        """Return the column called `name`, or None."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class PageModel:
    """Everything that a page says and draws.

    Attributes
    ----------
    bounds
        West, south, east and north of the first view, in degrees.
    core
        The box of the areas alone, where `bounds` is wider to hold all places: the first view of a small screen.
    focused
        Whether that view was chosen for the answer, instead of for all that is shown.
    glance
        Sentences beside the map, for what it does not show and the headline does not say; below it on paper.
    aside
        The end of the headline that a page sets below it, smaller; empty if the words tell it by its form.
    warnings
        What is likely wrong with the data, said below the headline.
    one_sheet
        Whether it is printed on one sheet of paper: a small map, its passages beside it, and no tables of features.
    """

    language: str
    words: Words
    region: str
    headline: str
    subtitle: str
    summary: tuple[str, ...]
    map_name: str
    layers: tuple[PageLayer, ...]
    water: tuple[tuple[str, int, int], ...]
    bounds: Bounds | None
    credits: tuple[Credit, ...]
    provenance: Provenance
    basemap: Basemap | None
    notes: tuple[str, ...] = ()
    core: Bounds | None = None
    focused: bool = False
    aside: str = ""
    charts: tuple[Chart, ...] = ()
    passages: tuple[Passage, ...] = ()
    glance: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    one_sheet: bool = False

    @property
    def places(self) -> tuple[PageLayer, ...]:
        """The layers that the page is about."""
        return tuple(each for each in self.layers if each.part == "places")

    @property
    def listed(self) -> tuple[PageLayer, ...]:
        """The layers that have a table: the answer's sums, and its figures by area, then places, then areas."""
        areas = tuple(each for each in self.layers if each.part == "areas")
        return tuple(
            sorted(
                self.places + areas,
                key=lambda each: (not each.closing, not (each.called and each.part == "areas")),
            )
        )

    @property
    def extent(self) -> Bounds | None:
        """The box that a picture shows: the first view of the page, but not of a few places alone.

        A picture has no small map beside it that tells where in the region they are.
        """
        return self.bounds if self.focused else first_box(self.layers, areas_box(self.layers))

    def layer(self, name: str) -> PageLayer:
        """Return the layer called `name`."""
        return next(each for each in self.layers if each.name == name)

    @property
    def lines(self) -> tuple[str, ...]:
        """The page in a few lines of text, for a terminal."""
        return (self.headline, self.subtitle, *self.summary)


def build_model(
    views: Sequence[LayerView],
    *,
    pack: Pack | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    summary: Sequence[str] = (),
    basemap: str | None = None,
    command: str = "",
    language: str = "en",
    charts: Sequence[Chart] = (),
    passages: Sequence[Passage] = (),
    glance: Sequence[str] = (),
    aside: str = "",
) -> PageModel:
    """Make the model of a page.

    Parameters
    ----------
    views
        The layers, in the order of the legend. Frames may be in any CRS and may hold points, lines, areas or a
        mixture; rows without a geometry are listed and not drawn. No frame is changed.
    pack
        Names the region and the labels of the water.
    title, subtitle, summary
        What the page says, instead of what is computed from the figures.
    aside
        The end of the title that stands below it, smaller.
    basemap
        The name of tiles to draw behind, see `lcrmap.maps.basemaps`; None for a page that needs no network.
    command
        The command that made the page, without paths, users or hosts.
    language
        The language of the page.
    charts
        Figures of the table, drawn.
    passages
        What is told besides.
    glance
        What is said beside the map; empty sentences are left out.

    Returns
    -------
    PageModel
        The same views and versions give an equal page.

    Raises
    ------
    UnknownNameError
        If there is no such base map or language.
    CRSError
        If a layer with positions has no CRS.
    """
    words = load_words(language)
    layers = _page_layers(views, words)
    areas = areas_box(layers)
    bounds = first_box(layers, areas)
    region = clean(pack.region) if pack is not None and reaches(layers, areas) else ""
    sentences = Sentences(layers, region, words)
    return PageModel(
        language=language,
        words=words,
        region=region,
        headline=_said(title) if title else sentences.headline(),
        subtitle=_said(subtitle) if subtitle else sentences.subtitle(),
        summary=tuple(map(_said, summary)) or sentences.summary(),
        map_name=sentences.map_name(),
        layers=layers,
        water=_water(pack),
        bounds=bounds,
        core=core_box(layers, areas),
        credits=make_credits([view.layer for view in views], words),
        provenance=_provenance(views, command),
        basemap=find_basemap(basemap) if basemap else None,
        notes=tuple(dict.fromkeys(clean(note) for view in views for note in view.layer.notes)),
        warnings=tuple(
            dict.fromkeys(clean(each) for view in views for each in view.layer.warnings)
        ),
        charts=tuple(charts),
        passages=tuple(passages),
        glance=tuple(map(_said, filter(None, glance))),
        aside=_said(aside) if aside else "",
    )


def _page_layers(views: Sequence[LayerView], words: Words) -> tuple[PageLayer, ...]:
    """Pack every view; names stay apart, and no two classes of the layers look the same."""
    layers: list[PageLayer] = []
    for view in views:
        packed = _page_layer(view, words)
        taken = sum(each.name.split("~")[0] == packed.name for each in layers)
        layers.append(replace(packed, name=f"{packed.name}~{taken + 1}") if taken else packed)
    styled = [
        StyledLayer(view.layer.name, each.title, each.style, each.choice, each.part != "places")
        for view, each in zip(views, layers, strict=True)
    ]
    return tuple(
        replace(each, style=style, note=f"{each.note} {JOINED}".strip() if joined else each.note)
        for each, (style, joined) in zip(layers, looks_apart(styled), strict=True)
    )


def _page_layer(view: LayerView, words: Words) -> PageLayer:
    layer, metadata = view.layer.with_frame(view.layer.features), view.layer.metadata
    shapes = pack_shapes(layer.frame)
    columns = pack_columns(layer, words, only_name=view.part == "backdrop")
    columns, closing = _alike(columns, _closing(view, columns, words))
    drawn = view.wish.column if view.wish else ""
    places = arrange(layer, columns, area=view.area, drawn=drawn, main=view.main)
    style = make_style(
        layer,
        columns,
        drawn_as=shapes.drawn_as,
        placed=shapes.placed,
        words=words,
        wish=view.wish,
        outline=view.part == "areas",
        spots=shapes.spots if shapes.drawn_as == "point" else None,
    )
    named_areas = view.part != "places" and shapes.drawn_as == "area"
    return PageLayer(
        name=clean(layer.name),
        title=_said(metadata.title),
        part=view.part,
        visible=view.visible,
        noun_one=clean(metadata.noun_one),
        noun_many=clean(metadata.noun_many),
        as_of=metadata.as_of,
        total=len(layer.frame),
        placed=int(shapes.placed.sum()),
        named=layer.named,
        columns=columns,
        main=places.main,
        label=places.label,
        key=places.key,
        area=places.area,
        error=places.error,
        source=places.source,
        sure=confidence_codes(columns),
        shapes=shapes,
        anchors=label_points(layer.frame, columns) if named_areas else [],
        style=style,
        selection=clean(metadata.selection),
        selected_from=metadata.selected_from,
        breakdown=_breakdown(layer, columns),
        could_also_be=_cleaned(view.could_also_be),
        closing=closing,
        note=_said(view.note),
        told=tuple(map(_said, view.sure)),
        answering=view.answering,
        merged=view.merged,
        singly=view.singly,
        choice=view.choice,
        called=_said(view.called),
        written=next((n for n, each in enumerate(columns) if each.name == view.written), None),
        marks=view.marks,
        figure=view.figure,
        stated=states_positions(view.layer),
        astray=_astray(layer, words),
        apart=_apart(view, columns, places, shapes.drawn_as),
    )


def _apart(
    view: LayerView, columns: Sequence[Column], places: Arrangement, drawn_as: str
) -> dict[int, str]:
    """Return what tells rows of one name apart: what the view says, else, of areas, what their columns do."""
    if view.apart:
        return {row: clean(text) for row, text in view.apart.items()}
    return told_apart(columns, places) if drawn_as == "area" else {}


def _astray(layer: Layer, words: Words) -> str:
    """Say how many rows of a table name no known area, and what the first of them say; empty if there are none."""
    column, lost = layer.metadata.found_by, len(layer.frame) - layer.named
    if not lost or column not in layer.frame.columns:
        return words("count.astray", n=lost) if lost else ""
    texts = layer.frame[column][layer.frame.geometry.isna()].head(MOST_NAMED).astype("str")
    named = [*(_said(each) for each in texts), *["…"][: lost - len(texts)]]
    return f"{words('count.astray', n=lost)} ({words.entries['list.comma'].join(named)})"


def _said(text: str) -> str:
    """Return a text as a page says it."""
    return squared(clean(text))


def _cleaned(others: Mapping[int, tuple[str, ...]] | None) -> dict[int, tuple[str, ...]] | None:
    if others is None:
        return None
    return {row: tuple(clean(name) for name in names) for row, names in others.items()}


def _closing(view: LayerView, columns: Sequence[Column], words: Words) -> tuple[Column, ...]:
    """Pack the rows that stand for no feature, their numbers in the form of the others; nothing if there are none."""
    frame = view.layer.frame
    if len(view.layer.features) == len(frame):
        return ()
    rows = frame[~frame.index.isin(view.layer.features.index)]
    plain = {each.name: each.plain for each in columns}
    packed = pack_columns(view.layer.with_frame(rows), words)
    return tuple(replace(each, plain=plain.get(each.name, each.plain)) for each in packed)


def _alike(
    columns: tuple[Column, ...], closing: tuple[Column, ...]
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Write the numbers of a column with as many decimals in the rows that close the table."""
    most: dict[str, int] = {}
    for each in (*columns, *closing):
        most[each.name] = max(each.decimals, most.get(each.name, 0))
    rows, sums = (
        tuple(replace(each, decimals=most[each.name]) for each in some)
        for some in (columns, closing)
    )
    return rows, sums


def _breakdown(layer: Layer, columns: Sequence[Column]) -> tuple[tuple[str, int], ...]:
    """Count the rows of each kind into which the layer's total must be broken, in the metadata's order."""
    name = layer.metadata.breakdown
    column = next((each for each in columns if each.name == name and each.kind == "code"), None)
    if column is None:
        return ()
    described = {each.value: each for each in layer.field(name).categories}
    counted: list[tuple[str, int]] = []
    for code, (raw, label) in enumerate(zip(column.raw, column.labels, strict=True)):
        count = column.values.count(code)
        known = described.get(raw)
        many = known.plural if known is not None and known.plural else label
        if count:
            counted.append((inside(label if count == 1 else clean(many)), count))
    return tuple(counted)


def _water(pack: Pack | None) -> tuple[tuple[str, int, int], ...]:
    """Return the names of waters with the points at which they stand, from the pack's role."""
    if pack is None or not pack.has_role("water_labels"):
        return ()
    labels: list[Any] = pack.role("water_labels").options.get("labels", [])
    return tuple(
        (clean(str(each["name"])), round(each["lon"] * 100_000), round(each["lat"] * 100_000))
        for each in labels
    )


def _provenance(views: Sequence[LayerView], command: str) -> Provenance:
    found = {(each.name, each.sha256): each for view in views for each in view.layer.inputs}
    versions = (
        ("lcrmap", lcrmap.__version__),
        ("Leaflet", leaflet_version()),
        ("folium", version("folium")),
    )
    inputs = tuple(found[key] for key in sorted(found))
    return Provenance(inputs, versions, clean(command))
