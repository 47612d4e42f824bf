"""Errors that staff pages answer with, by name of their text in a template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(eq=False, kw_only=True)
class PageRefusal(Exception):  # noqa: N818 - an answer, not a fault
    """A staff page answers with an error instead."""

    status: HTTPStatus
    why: str
    """Name of a text in templates/pages/staff/refused.html."""
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found(why: str = "not_found") -> PageRefusal:
    """404; `why` names the page's text."""
    return PageRefusal(status=HTTPStatus.NOT_FOUND, why=why)


def forbidden(why: str) -> PageRefusal:
    """403; `why` names the page's text."""
    return PageRefusal(status=HTTPStatus.FORBIDDEN, why=why)


def unusable(why: str) -> PageRefusal:
    """400; `why` names the page's text."""
    return PageRefusal(status=HTTPStatus.BAD_REQUEST, why=why)
