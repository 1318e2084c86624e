"""What people say about features and places: a layer of every live map."""

from __future__ import annotations

from typing import Final

from lcrmap.layers import Field, Metadata

__all__ = ["COMMENTS", "COMMENTS_METADATA", "COMMENT_DEMANDS"]

COMMENTS: Final = "comments"

COMMENTS_METADATA: Final = Metadata(
    name=COMMENTS,
    title="Comments",
    description="What people say about features and places of this map.",
    geometry="point",
    key="id",
    label="text",
    noun_one="comment",
    noun_many="comments",
    path=f"{COMMENTS}.geojson",
    crs="EPSG:4326",
    fields=(
        Field("id", "Id"),
        Field("text", "Text", required=True),
        Field("about", "About", description="LAYER:ID of a feature; empty for a place."),
        Field("state", "State", required=True),
        Field("author", "Author", required=True),
    ),
)
COMMENT_DEMANDS: Final = {
    "id": {"required": True, "unique": True, "maxLength": 100},
    "text": {"required": True, "minLength": 1, "maxLength": 4000},
    "about": {"maxLength": 400},
    "state": {"required": True, "enum": ["open", "settled"]},
    "author": {"required": True},
}
