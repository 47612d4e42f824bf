"""Why a page is not given; its sentence is in the template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(eq=False, kw_only=True)
class PageRefusal(Exception):  # noqa: N818 - an answer, not a fault
    status: HTTPStatus
    why: str
    """The name of a sentence in templates/pages/staff/refused.html."""
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found(why: str = "not_found") -> PageRefusal:
    return PageRefusal(status=HTTPStatus.NOT_FOUND, why=why)


def forbidden(why: str) -> PageRefusal:
    return PageRefusal(status=HTTPStatus.FORBIDDEN, why=why)


def unusable(why: str) -> PageRefusal:
    return PageRefusal(status=HTTPStatus.BAD_REQUEST, why=why)
