"""The page as a `folium.Map`: it shows itself in a notebook, takes folium's layers, and writes one closed file."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, BinaryIO

import folium
from branca.element import Element, Figure

from lcrmap.errors import NotClosedError, UsageError
from lcrmap.io.memory import MAIL, mail_note
from lcrmap.io.writing import write_bytes
from lcrmap.maps.document import Foreign, write_document
from lcrmap.maps.foreign import check_closed, render_children
from lcrmap.maps.framing import notebook_markup
from lcrmap.maps.model import PageModel

__all__ = ["Page"]


class _PageFigure(Figure):
    """What folium asks a map's root for: renders as the page."""

    def __init__(self, page: Page) -> None:
        super().__init__(height="720px")
        self._page = page
        self._children["map"] = page

    def render(self, **kwargs: Any) -> str:
        return self._page.html


class Page(folium.Map):
    """A map as one HTML file that needs nothing else.

    Parameters
    ----------
    model
        What the page says and draws, from `lcrmap.maps.model.build_model`.
    closed
        False admits folium children that fetch outside files; the page then says that it is not closed, and its
        policy does not guard it.

    Examples
    --------
    >>> from lcrmap.maps.model import build_model
    >>> page = Page(build_model([]))
    >>> page.html.splitlines()[0]
    '<!DOCTYPE html>'
    """

    def __init__(self, model: PageModel, *, closed: bool = True) -> None:
        bounds = model.bounds or (-180.0, -60.0, 180.0, 75.0)
        middle = ((bounds[1] + bounds[3]) / 2, (bounds[0] + bounds[2]) / 2)
        super().__init__(location=middle, tiles=None)
        self.model = model
        self.closed = closed
        self._figure: Figure = _PageFigure(self)
        self._parent = self._figure

    @property
    def html(self) -> str:
        """The page; the same text for the same model, children and versions.

        Raises
        ------
        NotClosedError
            If the page is closed and a child needs an outside file.
        """
        if self.closed:
            check_closed(self)
            self._refuse_loose_parts()
        return write_document(self.model, foreign=self._foreign(), closed=self.closed)

    def save(
        self,
        outfile: str | bytes | Path | BinaryIO,
        close_file: bool = True,
        *,
        overwrite: bool = True,
        **kwargs: Any,
    ) -> None:
        """Write the page to a file, whole or not at all; a file of that name is replaced.

        Parameters
        ----------
        outfile
            A path that ends in ``.html`` or ``.htm``, or a binary file that is open for writing.
        close_file
            Whether an open file is closed afterwards.
        overwrite
            Whether a file of that name is replaced, as folium's ``save`` does; False refuses it.

        Raises
        ------
        UsageError
            If the path ends in another suffix.
        OutputError
            If the file exists and may not be replaced, or cannot be written.
        NotClosedError
            If the page is closed and a child needs an outside file.

        Warns
        -----
        UserWarning
            If the page is larger than most mail takes.
        """
        if isinstance(outfile, str | bytes | Path):
            path = Path(outfile.decode() if isinstance(outfile, bytes) else outfile)
            _refuse_suffix(path)
            data = self.html.encode("utf-8")
            _warn_of_weight(len(data))
            write_bytes(path, data, overwrite=overwrite)
            return
        data = self.html.encode("utf-8")
        outfile.write(data)
        if close_file:
            outfile.close()

    def render(self, **kwargs: Any) -> str:
        """Return the page."""
        return self.html

    def get_root(self) -> Figure:
        """Return the element whose ``render`` gives the page."""
        return self._figure

    def __repr__(self) -> str:
        """Return the headline, which stands for the page where only text is shown."""
        return self.model.headline

    def _repr_html_(self, **kwargs: Any) -> str:
        """Return the page in a frame, for a notebook."""
        return notebook_markup(self.html, self.model.headline)

    def _foreign(self) -> Foreign:
        """Render the children into a figure of their own."""
        if not self._children:
            return Foreign()
        kept = self._figure
        self._figure = Figure()
        self._figure.header._children.clear()
        try:
            return render_children(self, self._figure, closed=self.closed)
        finally:
            self._figure = kept

    def _refuse_loose_parts(self) -> None:
        """Refuse markup that was put past the map into its root: nothing would guard it."""
        figure = self._figure
        known: dict[str, Element] = figure.header._children
        loose = [*figure.html._children, *figure.script._children]
        loose += [name for name in known if name != "meta_http"]
        if loose:
            raise NotClosedError(
                "Markup was added to the root of the page: a closed page cannot carry it; "
                "leave it out, or use Page(model, closed=False)."
            )


def _warn_of_weight(size: int) -> None:
    """Warn, before it is written, that a page is larger than most mail takes."""
    less = "count the features by area first, or choose some of them with where"
    note = mail_note(size, what="The page", less=f"to have less, {less}", most=MAIL)
    if note:
        warnings.warn(note, stacklevel=3)


def _refuse_suffix(path: Path) -> None:
    """Refuse a name under which nobody would look for a page, such as that of a picture or a table."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            f"'{path}' cannot be a page: save it as .html or .htm. Pictures (.png, .svg, .pdf) come from "
            f"'lcrmap map LAYER -o map.png', tables from an answer's frame."
        )
