"""The HTML that embeds a page of lcrmap in another page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from lcrmap.errors import FileError, UsageError
from lcrmap.layers.addresses import is_link, is_relative
from lcrmap.maps.framing import srcdoc
from lcrmap.reports.markup import between, plain_text

__all__ = ["LISTENER", "PageFacts", "frame_markup", "read_facts"]

HEIGHT: Final = 720
SANDBOX: Final = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
STYLE: Final = "width:100%;height:auto;aspect-ratio:16/10;min-height:480px;max-height:92vh;border:0"

LISTENER: Final = """\
<script>
addEventListener("message", (event) => {
  const height = event.data && event.data.lcrmapHeight;
  if (!Number.isFinite(height) || height < 1) return;
  for (const frame of document.querySelectorAll("iframe.lcrmap")) {
    if (frame.contentWindow !== event.source) continue;
    frame.style.aspectRatio = "auto";
    frame.style.maxHeight = "none";
    frame.style.height = `${Math.min(height, 30000)}px`;
  }
});
</script>
"""
"""For a host that takes script: makes each frame as high as the page in it."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What must be known of a page to frame it."""

    title: str
    headline: str
    html: str


def read_facts(html: str, name: str) -> PageFacts:
    """Read title and headline of a page.

    Raises
    ------
    FileError
        If it is not a page that lcrmap wrote.
    """
    title = between(html, "<title>", "</title>")
    headline = between(html, "<h1", "</h1>")
    made = '<meta name="generator" content="lcrmap">' in html[:20_000]
    if not made or title is None or headline is None:
        raise FileError(
            f"'{name}' is not a map page of lcrmap: make one with 'lcrmap map -o page.html', or name one in the "
            f"folder maps/ of a report."
        )
    return PageFacts(plain_text(title), plain_text(f"<h1{headline}"), html)


def frame_markup(
    facts: PageFacts,
    url: str = "",
    *,
    inline: bool = False,
    picture: str = "",
    alt: str = "",
    height: int = HEIGHT,
) -> str:
    """Return a frame for a page.

    Parameters
    ----------
    url
        The address of the page as the host's readers reach it, absolute or relative to the host's page.
    inline
        Put the whole page into the markup, so that nothing but the host's page need be published.
    picture, alt
        The address of a picture of the page and the text that stands for it: both are shown where frames are taken
        out of the markup.
    height
        In pixels, where the host takes no style.

    Examples
    --------
    >>> facts = PageFacts("Sites (Town)", "Sites", "<!DOCTYPE html>")
    >>> frame_markup(facts, "map.html").splitlines()[-2]
    '<a href="map.html">Sites</a>'
    """
    if not url and not inline:
        raise UsageError("A frame needs the address of its page: give --url or --inline.")
    for address in filter(None, (url, picture)):
        if not is_link(address) and not is_relative(address):
            raise UsageError(
                f"'{address}' is no address of a page: write https://..., or where it lies from the host's page, with "
                f"%20 for a blank."
            )
    source = f'srcdoc="{srcdoc(facts.html)}"' if inline else f'src="{escape(url)}"'
    attributes = [
        'class="lcrmap"',
        f'title="{escape(facts.title)}"',
        source,
        'width="100%"',
        f'height="{height}"',
        f'style="{STYLE}"',
        'loading="lazy"',
        f'sandbox="{SANDBOX}"',
        'allow="fullscreen"',
        'referrerpolicy="no-referrer"',
    ]
    return "\n".join(
        [f"<iframe {' '.join(attributes)}>", _fallback(facts, url, picture, alt), "</iframe>\n"]
    )


def _fallback(facts: PageFacts, url: str, picture: str, alt: str) -> str:
    """Return what stands inside the frame, for hosts that strip the frame around it."""
    shown = escape(facts.headline)
    if picture:
        shown = f'<img src="{escape(picture)}" alt="{escape(alt or facts.headline)}"> {shown}'
    return f'<a href="{escape(url)}">{shown}</a>' if url else shown
