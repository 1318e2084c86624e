"""Write a page model as one closed HTML file.

The file carries Leaflet, our script, our style sheet and an inert block of data, and its own policy: it admits exactly
these by their hashes and lets nothing be fetched. Names and values reach it as escaped text or as data, never as code.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jinja2
from markupsafe import Markup

from lcrmap.maps.assets import page_script, page_styles, style_of
from lcrmap.maps.charts import chart_markup
from lcrmap.maps.headlines import set_headline
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.sentences import OUTSIDE, Sentences
from lcrmap.maps.style import SHAPES, Pair, css_tokens, hue_class, hue_pair, is_hex_colour
from lcrmap.maps.styling import CONFIDENCE
from lcrmap.maps.sureness import sure_lines
from lcrmap.maps.tables import make_table
from lcrmap.maps.twins import twins
from lcrmap.maps.words import squared

__all__ = [
    "Foreign",
    "Linked",
    "document_style",
    "own_colours",
    "page_data",
    "page_texts",
    "write_document",
]

_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Parts that came with folium children: script text, style sheets, and for an open page links.

    Attributes
    ----------
    script
        A function body that draws on ``map``; empty if there is nothing foreign.
    styles
        Style sheets.
    head
        Markup that an open page (``closed=False``) puts into its head; empty on a closed page.
    """

    script: str = ""
    styles: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Where the script and the style sheet of a served page lie, and what it says of the map that it shows.

    Attributes
    ----------
    script, style
        Addresses, from the page's own.
    live
        What stands in the page for its scripts, such as the number of the last entry of the log.
    """

    script: str
    style: str
    live: Mapping[str, Any]


def write_document(
    model: PageModel,
    *,
    foreign: Foreign | None = None,
    closed: bool = True,
    linked: Linked | None = None,
) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    model
        What the page says and draws.
    foreign
        Parts of folium children, already rendered.
    closed
        False for a page that may fetch what `foreign` links, and that says so.
    linked
        Of a page that a server gives, with a policy of its own, where script and style lie; None to embed them.

    Returns
    -------
    str
        The same for the same model and the same versions, whatever the machine.
    """
    if linked is not None:
        return _rendered(model, script="", styles=(), linked=linked)
    foreign = foreign or Foreign()
    script = page_script("foreign" if foreign.script and closed else "main")
    if foreign.script:
        opening = "startWith" if closed else "start"
        script = script.removesuffix("start(L);\n})();") + (
            f"{opening}(L, (L, map) => {{\n{foreign.script}\n}});\n}})();"
        )
    if not closed:
        script = script.replace("delete window.L;", "window.L = exports;", 1)
    styles = (document_style(model), *foreign.styles)
    return _rendered(
        model,
        script=script,
        styles=styles,
        closed=closed,
        policy=_policy(model, [script], styles) if closed else "",
        head=foreign.head if not closed else "",
    )


def document_style(model: PageModel) -> str:
    """Return the style sheet of a page, with the colours that its layers have."""
    crossed = any(each.sheet is not None and each.sheet.crossed for each in model.passages)
    return "\n".join(
        [
            css_tokens(own_colours(model)),
            page_styles(),
            *([style_of("crossed.css")] if crossed else []),
            *([style_of("one_sheet.css")] if model.one_sheet else []),
        ]
    )


def _rendered(
    model: PageModel,
    *,
    script: str,
    styles: tuple[str, ...],
    closed: bool = True,
    policy: str = "",
    head: str = "",
    linked: Linked | None = None,
) -> str:
    """Fill the template."""
    headline = set_headline(model)
    return _template().render(
        model=model,
        headline=headline.text,
        headline_range=headline.aside,
        headline_look=headline.look,
        words=model.words,
        closed=closed,
        policy=policy,
        linked=linked,
        live=Markup(_json(dict(linked.live))) if linked else "",  # noqa: S704
        head=Markup(head),  # noqa: S704
        styles=[Markup(each) for each in styles],  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(_json(page_data(model))),  # noqa: S704
        record=_record(model),
        tables=_tables(model),
        legend=[(_number(model, each), each) for each in _in_legend(model)],
        charts=[(squared(each.title), each.note, chart_markup(each)) for each in model.charts],
        chart_markup=chart_markup,
        shapes=SHAPES,
        fills=CONFIDENCE if any(each.sure for each in model.layers) else (),
        grouped=any(
            each.placed > 1
            and not each.singly
            and each.shapes.drawn_as == "point"
            and each.style.kind == "symbol"
            for each in model.listed
        ),
        hatched=any(entry.swatch == "hatch" for each in model.layers for entry in each.legend),
        sure=sure_lines(model),
        sure_counts=_sure_counts(model),
    )


def page_texts(model: PageModel) -> dict[str, Any]:
    """Return the words of a page that follow from its figures, for a page that is kept up to date.

    Examples
    --------
    >>> from lcrmap.maps.model import build_model
    >>> page_texts(build_model([]))["headline"]
    'There is nothing to show'
    """
    headline = set_headline(model)
    return {
        "headline": headline.text,
        "range": headline.aside,
        "subtitle": model.subtitle,
        "glance": list(model.glance),
        "summary": list(model.summary),
        "sure": list(sure_lines(model)),
        "captions": {str(number): table.caption for number, _, table in _tables(model)},
    }


def _shapes(model: PageModel) -> dict[str, list[Any]]:
    """Return the symbols that the page draws, and the one that stands for any other."""
    used = {"circle", *(entry.shape for layer in model.layers for entry in layer.legend)}
    return {name: [each.path, each.size] for name, each in SHAPES.items() if name in used}


def page_data(model: PageModel) -> dict[str, Any]:
    """Return what the page's data block holds: the layers by column, and the catalogue of words."""
    about = Sentences(model.layers, model.region, model.words).about()
    return {
        "language": model.language,
        "bounds": model.bounds,
        "core": model.core,
        "water": model.water,
        "about": None if about is None else model.layers.index(about),
        "basemap": None
        if model.basemap is None
        else {"url": model.basemap.url, "zoom": model.basemap.max_zoom},
        "shapes": _shapes(model),
        "layers": _layers_data(model.layers),
        "words": dict(model.words.entries),
    }


def _record(model: PageModel) -> Markup | str:
    """Return the record from which the page can be made again; empty if there is none."""
    provenance = model.provenance
    if provenance.recipe is None:
        return ""
    record = {
        "kind": "lcrmap page",
        **provenance.recipe,
        "versions": dict(provenance.versions),
        "inputs": [each.to_record() for each in provenance.inputs],
    }
    return Markup(_json(record))  # noqa: S704


def _layers_data(layers: Sequence[PageLayer]) -> list[dict[str, Any]]:
    found = [_layer_data(each) for each in layers]
    for (number, row), first in twins(layers).items():
        found[number].setdefault("twins", {})[str(row)] = first
    return found


def _layer_data(layer: PageLayer) -> dict[str, Any]:
    source = layer.source
    data: dict[str, Any] = {
        "name": layer.name,
        "title": layer.title,
        "part": layer.part,
        "visible": layer.visible,
        "one": layer.noun_one,
        "many": layer.noun_many,
        "total": layer.total,
        "placed": layer.placed,
        "drawn": layer.shapes.drawn_as,
        "columns": [each.to_json() for each in layer.columns],
        "main": layer.main,
        "label": layer.label,
        "key": layer.key,
        "area": layer.area,
        "error": layer.error,
        "source": [source.title, source.publisher, source.date, source.url] if source else None,
        "sure": layer.sure if any(layer.sure) else bool(layer.sure),
        "style": _style_data(layer),
        "anchors": layer.anchors,
    }
    if layer.area is not None:
        data["outside"] = _outside(layer)
    if layer.could_also_be:
        data["also"] = _also(layer.could_also_be)
    if layer.answering is not None:
        data["answering"] = layer.answering
    if layer.merged:
        data["merged"] = True
    if layer.singly:
        data["singly"] = True
    if layer.choice:
        data["choice"] = layer.choice
    if layer.written is not None:
        data["written"] = layer.written
    if layer.closing:
        data["closing"] = _closing(layer)
    if layer.stated:
        data["stated"] = True
    if layer.apart:
        data["apart"] = {str(row): text for row, text in layer.apart.items()}
    if layer.shapes.drawn_as in ("point", "none") and not layer.shapes.parts:
        return {**data, "x": layer.shapes.x, "y": layer.shapes.y}
    return {**data, "parts": layer.shapes.parts}


def _style_data(layer: PageLayer) -> dict[str, Any]:
    style = layer.style
    entries = [
        {
            "label": e.label,
            "count": e.count,
            "swatch": e.swatch,
            "shape": e.shape,
            "hue": hue_class(e.hue),
            "size": e.size,
            **({"categories": e.categories} if e.categories else {}),
        }
        for e in style.entries
    ]
    codes = style.codes if any(style.codes) else 0
    data: dict[str, Any] = {"kind": style.kind, "entries": entries, "codes": codes}
    if style.kind == "circle":
        data["radii"] = style.radii
        if style.parts:
            data["parts"] = style.parts
        if style.negative:
            data["negative"] = style.negative
    names = [each.name for each in layer.columns]
    if style.kind != "symbol" and style.field in names:
        data["value"] = names.index(style.field)
    if style.kind == "symbol" and style.field in names:
        data["field"] = names.index(style.field)
    return data


def _outside(layer: PageLayer) -> int:
    """Return the code that stands for "in none of the areas"; -1 if there is none."""
    raw = layer.columns[layer.area or 0].raw
    return raw.index(OUTSIDE) if OUTSIDE in raw else -1


def _also(others: Mapping[int, tuple[str, ...]]) -> dict[str, Any]:
    """Return the areas in which rows may also lie: their names once, and for each such row which of them."""
    names = list(dict.fromkeys(name for some in others.values() for name in some))
    place = {name: number for number, name in enumerate(names)}
    rows = {str(row): [place[name] for name in some] for row, some in others.items()}
    return {"areas": names, "rows": rows}


def _closing(layer: PageLayer) -> list[list[Any]]:
    """Return the rows that close a table, cell by cell in the order of the columns, for its download."""
    packed = {each.name: each for each in layer.closing}
    columns = [packed[each.name] for each in layer.columns]
    rows = range(len(columns[0].values))
    return [[each.exact(row) for each in columns] for row in rows]


def _number(model: PageModel, layer: PageLayer) -> int:
    return model.layers.index(layer)


def _in_legend(model: PageModel) -> list[PageLayer]:
    """Return the layers in the order of the legend: areas that are mere outlines come last."""
    return sorted(
        model.listed, key=lambda each: each.part == "areas" and each.style.kind == "symbol"
    )


def _tables(model: PageModel) -> list[Any]:
    sentences = Sentences(model.layers, model.region, model.words)
    return [
        (_number(model, each), each, make_table(each, model.words, sentences.counted(each)))
        for each in model.listed
    ]


def _sure_counts(model: PageModel) -> tuple[int, ...]:
    return tuple(
        sum(layer.sure.count(number) for layer in model.places) for number in range(len(CONFIDENCE))
    )


def own_colours(model: PageModel) -> dict[str, Pair]:
    """Return the colours of this page beyond the house's: hexes out of metadata, classes of ramps."""
    own: dict[str, Pair] = {}
    for layer in model.layers:
        for entry in layer.legend:
            shade = hue_pair(entry.hue)
            if shade is not None:
                own[f"hue-{entry.hue}"] = shade
            if is_hex_colour(entry.hue):
                own[f"hue-{hue_class(entry.hue)}"] = Pair(entry.hue, entry.hue)
    return own


def _policy(model: PageModel, scripts: list[str], styles: tuple[str, ...]) -> str:
    """Return the page's own policy: our scripts and styles by hash, pictures only of its base map."""
    hosts = " ".join(model.basemap.hosts) if model.basemap else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(_hash(each) for each in scripts)}",
            f"style-src {' '.join(_hash(each) for each in styles)}",
            f"img-src data: {hosts}".strip(),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _json(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("lcrmap.maps", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["hue"] = hue_class
    return environment.get_template("page.html.jinja")
