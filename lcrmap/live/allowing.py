"""What whoever asks may do at an address (OPTIONS), by which QGIS decides whether a layer can be edited."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from starlette.responses import Response

from lcrmap.live.admitting import SAFE
from lcrmap.live.api import collection_of
from lcrmap.live.asking import Asked, Operation, ProblemError
from lcrmap.live.editing import PATCH, open_to

__all__ = ["asking_for"]

_OF_COLLECTION: Final = "/collections/{collectionId}"


def asking_for(operations: list[Operation]) -> Operation:
    """Return the operation that tells which of the operations of one address are allowed."""
    return Operation(
        "OPTIONS",
        operations[0].path,
        "allowed",
        "What whoever asks may do here.",
        "",
        partial(_allowed, operations),
        query=(),
        headers=(),
        body={},
        says={204: {}},
        wrong=(404,),
    )


async def _allowed(operations: list[Operation], asked: Asked) -> Response:
    if asked.operation.path.startswith(_OF_COLLECTION):
        collection_of(asked)  # there is nothing to allow where there is none
    methods = [each.method for each in operations if _may_use(asked, each)]
    if "GET" in methods:
        methods.append("HEAD")
    headers = {"allow": ", ".join(sorted({*methods, "OPTIONS"}))}
    if "PATCH" in methods:
        headers["accept-patch"] = PATCH
    return Response(status_code=204, headers=headers)


def _may_use(asked: Asked, operation: Operation) -> bool:
    """Tell whether a request of that operation would be let in."""
    try:
        asked.served.gate.refuse_role(replace(asked, operation=operation))
        if operation.method not in SAFE and operation.path.startswith(_OF_COLLECTION):
            open_to(asked)
    except ProblemError:
        return False
    return True
