"""What folium children write on a page: their texts as texts.

Folium takes what a child wrote for a template once more, puts a text into its script as it stands, and Leaflet takes
texts for markup: a name out of a file could run on the machine that makes the page or on the reader's, or lead a reader
elsewhere. So a copy of each child writes what comes through unchanged, and on a closed page it hands its texts on as
data to ``assets/foreign.mjs``, which makes text of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import folium
from branca.element import Html, MacroElement
from folium.template import Template

__all__ = ["guard", "popup_text"]

_TOOLTIP: Final = Template("""
    {% macro script(this, kwargs) %}
        {{ this._parent.get_name() }}.bindTooltip(
            L.saying({{ this.text|tojavascript }}, {{ (this.style or "")|tojavascript }}),
            {{ this.options|tojavascript }}
        );
    {% endmacro %}
""")
_POPUP: Final = Template("""
    var {{ this.get_name() }} = L.popup({{ this.options|tojavascript }})
        .setContent(L.saying({{ this.text|tojavascript }}));
    {{ this._parent.get_name() }}.bindPopup({{ this.get_name() }}){% if this.show %}.openPopup(){% endif %};
""")
_LISTED: Final = """
    {%% macro script(this, kwargs) %%}
        {{ this._parent.get_name() }}.%s(
            L.listing({{ this.fields|tojavascript }}, {{ this.aliases|tojavascript }},
                      {{ this.labels|tojson }}, {{ this.localize|tojson }}),
            {{ this.%s|tojavascript }}
        );
    {%% endmacro %%}
"""
_LISTED_TOOLTIP: Final = Template(_LISTED % ("bindTooltip", "tooltip_options"))
_LISTED_POPUP: Final = Template(_LISTED % ("bindPopup", "popup_options"))
# Its layers one by one: as keys of a JavaScript object, numbers would change places and "__proto__" would be lost.
_SWITCHES: Final = Template("""
    {% macro script(this, kwargs) %}
        let {{ this.get_name() }} = L.control.layers(null, null, {{ this.options|tojavascript }});
        {%- for name, layer in this.base_layers.items() %}
        {{ this.get_name() }}.addBaseLayer({{ layer }}, {{ name|string|tojavascript }});
        {%- endfor %}
        {%- for name, layer in this.overlays.items() %}
        {{ this.get_name() }}.addOverlay({{ layer }}, {{ name|string|tojavascript }});
        {%- endfor %}
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {%- if this.draggable %}
        new L.Draggable({{ this.get_name() }}.getContainer()).enable();
        {%- endif %}
    {% endmacro %}
""")
_DOUBLED: Final = re.compile(r"(?<=\{)(?=\{)|(?<=\})(?=\})")
# What opens an expression of a template, but for the names by which folium's styles call patterns.
_OPENING: Final = re.compile(r"\{\{(?!'\w+'\}\})|\{%|\{#")


class _Verbatim:
    """A template of a child, whose text folium takes for a template again: it comes through that unchanged."""

    def __init__(self, template: Any) -> None:
        self._template = template

    @property
    def module(self) -> SimpleNamespace:
        macros = self._template.module.__dict__
        parts = {name: macros[name] for name in ("header", "html", "script") if name in macros}
        return SimpleNamespace(**{name: _kept(macro) for name, macro in parts.items()})

    def render(self, **given: Any) -> str:
        return _kept(self._template.render)(**given)


def _kept(write: Callable[..., str]) -> Callable[..., str]:
    def written(*given: Any, **named: Any) -> str:
        return _OPENING.sub(
            lambda found: "{{ '" + found.group() + "' }}", str(write(*given, **named))
        )

    return written


def guard(child: Any, *, closed: bool) -> None:
    """Change a copy of a folium child so that its texts, and the names in its data, reach the page as texts.

    On a page that is not closed, popups and tooltips stay the markup that folium makes of them.
    """
    if isinstance(child, folium.GeoJson):
        _guard_geojson(child)
    if closed:
        _say_texts(child)
    if isinstance(child, MacroElement):
        child._template = _Verbatim(child._template)


def _say_texts(child: Any) -> None:
    if isinstance(child, folium.Popup):
        setattr(child, "text", popup_text(child))  # noqa: B010  read by our template alone
        _drop_relative_width(child.options)
        child._template = _POPUP
    elif isinstance(child, folium.Tooltip):
        child._template = _TOOLTIP
    elif isinstance(child, folium.GeoJsonTooltip):
        child._template = _LISTED_TOOLTIP
    elif isinstance(child, folium.GeoJsonPopup):
        child._template = _LISTED_POPUP
    elif isinstance(child, folium.LayerControl):
        child._template = _SWITCHES


def popup_text(popup: folium.Popup) -> str | None:
    """Return the text of a popup; None if it holds anything else, such as a frame or a chart."""
    held = list(popup.html._children.values())
    parts = [part.data for part in held if isinstance(part, Html)]
    others = (popup._children, popup.header._children, popup.script._children)
    if any(others) or len(parts) < len(held):
        return None
    return "\n".join(parts).replace("\\`", "`")  # a popup puts a backslash before each backtick


def _drop_relative_width(options: dict[str, Any]) -> None:
    """Leave out a width such as folium's ``100%``: Leaflet knows pixels alone."""
    for name in ("max_width", "maxWidth"):
        if isinstance(options.get(name), str):
            del options[name]


def _guard_geojson(child: folium.GeoJson) -> None:
    """Tell features apart by numbers where folium would write the name of a property into its script."""
    if getattr(child, "feature_identifier", "").startswith("feature.properties."):
        for number, feature in enumerate(child.data["features"]):
            feature["_row"] = number
        child.feature_identifier = "feature._row"
    for name in ("style_function", "highlight_function"):
        if hasattr(child, name):
            setattr(child, name, _plain_styles(getattr(child, name)))


def _plain_styles(style: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """Return a style function without doubled braces, between which folium takes a text for script."""
    return lambda feature: {name: _parted(value) for name, value in style(feature).items()}


def _parted(value: Any) -> Any:
    return _DOUBLED.sub(" ", value) if isinstance(value, str) else value
