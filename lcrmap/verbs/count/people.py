"""What a count sums where people are: residents, or any count of the pack, and those in groups of small areas."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lcrmap.errors import UsageError
from lcrmap.layers import Field, Layer
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.sources import Sources

__all__ = ["people_layer", "people_notes"]


def people_layer(asked: Count, sources: Sources) -> Layer:
    """Return the pack's layer of residents with a column of what is summed, and one of each group.

    Raises
    ------
    UsageError
        If another layer is to be counted, or as `lcrmap.verbs.people.open_people` says.
    """
    option = "--of" if asked.of is not None else "--groups"
    role = sources.pack.role("population")
    if asked.layers != (role.layer,):
        own = "" if asked.of is None else f", or --sum {asked.of} to add up a column of its own"
        raise UsageError(
            f"{option} sums people by area, and {asked.layers[0]} holds others: write lcrmap count {role.layer}{own}."
        )
    people = sources.people(asked.of, asked.groups)
    layer, measure = people.layer, people.measure
    columns: dict[str, Any] = {}
    fields = []
    if measure.column not in layer.frame.columns:
        columns[measure.column] = pd.Series(people.counted).astype("Int64").array
        fields.append(Field(measure.column, measure.title, "integer", measure.note))
    known = {each.column: each for each in people.groups}
    for name in asked.groups:
        if name in layer.frame.columns:
            raise UsageError(
                f"--groups makes a column '{name}', and {layer.name} has one: rename it."
            )
        title = f"{measure.title} {known[name].words}"
        columns[name] = pd.Series(people.weights[name]).astype("Int64").array
        fields.append(Field(name, title, "integer", known[name].source))
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, *fields))
    return layer.with_frame(layer.frame.assign(**columns)).with_metadata(metadata)


def people_notes(asked: Count, sources: Sources) -> tuple[str, ...]:
    """Return what must be said of people that are summed: how they are shared out, and which areas a group is."""
    people = sources.people(asked.of, asked.groups)
    groups = [each.note for each in people.groups if each.column in asked.groups]
    return tuple(filter(None, (people.measure.note, *groups)))
