"""What whoever opens the page asks for first: its files, who they are here, and a cookie for the token of a link."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from lcrmap.live.asking import COOKIE, Asked, ProblemError, bearer_of, json_answer, operation
from lcrmap.live.users import may

__all__: list[str] = []

_YEAR: Final = 31_536_000  # in seconds
_JSON: Final = {"application/json": "object"}


@operation(
    "GET",
    "/assets/page.js",
    "getScript",
    "The script of the page.",
    query=("v",),
    says={200: {"text/javascript": "text"}},
)
async def script(asked: Asked) -> Response:
    """Answer the script of the page."""
    return asked.served.page.script()


@operation(
    "GET",
    "/assets/drawing.js",
    "getDrawing",
    "The tools that the page loads when somebody draws a line or an area.",
    says={200: {"text/javascript": "text"}},
)
async def drawing(asked: Asked) -> Response:
    """Answer the drawing tools of the page."""
    return asked.served.page.drawing()


@operation(
    "GET",
    "/assets/page.css",
    "getStyle",
    "The style of the page.",
    query=("v",),
    says={200: {"text/css": "text"}},
)
async def style(asked: Asked) -> Response:
    """Answer the style sheet of the page."""
    return await asked.served.page.style()


@operation(
    "GET", "/session", "getSession", "Who you are here, and what you may do.", says={200: _JSON}
)
async def session(asked: Asked) -> Response:
    """Answer who asks."""
    user, live = asked.user, asked.served.live
    edit = [name for name, each in live.collections.items() if each.editable]
    return json_answer(
        {
            "user": None if user is None else {"name": user.name, "role": user.role},
            "edit": [name for name in edit if name != "comments" and may(user, "edit", name)],
            "comment": may(user, "comment"),
            "seq": await live.store.head(),
            "stale": user is None and COOKIE in asked.request.cookies,
        }
    )


@operation(
    "POST",
    "/session",
    "signIn",
    "Exchange the token of a link (Authorization: Bearer) for a cookie.",
    headers=("Authorization",),
    says={204: {}},
    wrong=(401, 403),
)
async def sign_in(asked: Asked) -> Response:
    """Set the cookie."""
    token = bearer_of(asked.request)
    if asked.user is None or not token:
        raise ProblemError(
            401, "The link is not known here, was revoked or has expired: ask for a new one."
        )
    return _with_cookie(asked, token, _YEAR)


@operation("DELETE", "/session", "signOut", "Take the cookie back.", says={204: {}}, wrong=(403,))
async def sign_out(asked: Asked) -> Response:
    """Take the cookie back."""
    return _with_cookie(asked, "", 0)


def _with_cookie(asked: Asked, token: str, age: int) -> Response:
    answer = Response(status_code=204)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=age,
        path="/",
        httponly=True,
        samesite="strict",
        secure=asked.served.base.startswith("https:"),
    )
    return answer
