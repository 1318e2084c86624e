"""All rules: those too that opening a layer does without, since they are slow or a matter of taste."""

from __future__ import annotations

from lcrmap.checks import claims, coverage, duplicates, outlines, schema, values
from lcrmap.checks.registry import RULES, Fault, Subject, check

__all__ = ["RULES", "check_thoroughly"]

# Imported for the rules that they register, in this order.
_ = (outlines, coverage, claims, duplicates, values, schema)


def check_thoroughly(subject: Subject) -> tuple[Fault, ...]:
    """Return all that all rules find, faults before notices.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> frame = gpd.GeoDataFrame({"name": ["A", "a "]}, geometry=[shapely.Point(-3, 53)] * 2, crs="EPSG:4326")
    >>> [each.rule.id for each in check_thoroughly(Subject(frame, "'sites.csv'", label="name"))]
    ['duplicate-place', 'duplicate-name']
    """
    return check(subject, every=True)
