"""Parses updates; a part that this version does not know is left out, and the rest is read."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import orjson
from aiogram.types import InaccessibleMessage, Message, Update
from pydantic import ValidationError

log = logging.getLogger(__name__)

LEFT_OUT: Final = "left_out"
"""Field of a parsed message that lists its fields that were left out."""
_MOST_ROUNDS: Final = 20
_MESSAGES: Final = ("message", "edited_message")

_Path: TypeAlias = tuple[str | int, ...]


def read_update(payload: str) -> Update:
    """The update; without those optional parts that are invalid, as in a later Bot API version.

    ValidationError if the rest is no update either.
    """
    try:
        return Update.model_validate_json(payload)
    except ValidationError as error:
        return _read_in_part(payload, error)


def invalid_fields(message: Message) -> Sequence[str]:
    """Names of the message's own fields that were invalid, and are missing therefore."""
    names: Sequence[str] = (message.model_extra or {}).get(LEFT_OUT, ())
    return names


def _read_in_part(payload: str, error: ValidationError) -> Update:
    """Remove what the errors name, and parse again, until the rest is valid.

    An error within an optional part becomes one of that part itself: removing a required field
    makes its parent invalid, which the next round removes.
    """
    try:
        content = orjson.loads(payload)
    except ValueError:
        raise error from None
    removed: list[_Path] = []
    for _ in range(_MOST_ROUNDS):
        paths = {_path_of(content, place) for place in _places(error)}
        if any(len(path) <= 1 for path in paths):
            break
        innermost_first = sorted(paths, key=_order, reverse=True)
        for path in innermost_first:
            _remove(content, path)
        removed += innermost_first
        try:
            update = Update.model_validate(_with_names(content, removed))
        except ValidationError as next_error:
            error = next_error
            continue
        log.warning("update %s is read without %s", update.update_id, _shown(removed))
        return update
    raise error


def _places(error: ValidationError) -> Sequence[_Path]:
    """The `loc` of each error; a message that is invalid is not reported as inaccessible, too."""
    places = [one["loc"] for one in error.errors(include_url=False, include_input=False)]
    return [one for one in places if InaccessibleMessage.__name__ not in one] or places


def _path_of(content: Any, place: Sequence[str | int]) -> _Path:
    """Path of the innermost existing value that an error's `loc` leads to.

    A `loc` also names the member of a union, which is no key, and missing fields.
    """
    path: list[str | int] = []
    for step in place:
        if _holds(content, step):
            content = content[step]
            path.append(step)
    return tuple(path)


def _holds(content: Any, step: str | int) -> bool:
    if isinstance(content, Mapping):
        return step in content
    return isinstance(content, list) and isinstance(step, int) and step < len(content)


def _order(path: _Path) -> list[tuple[str, int]]:
    """Sorting key: later items of a list are removed first, which moves no other."""
    return [("", step) if isinstance(step, int) else (step, 0) for step in path]


def _remove(content: Any, path: _Path) -> None:
    """Remove a value; nothing to do if it was within one that is gone already."""
    for step in path[:-1]:
        content = content[step]
    del content[path[-1]]


def _with_names(content: Any, removed: Sequence[_Path]) -> Any:
    """The update with the removed fields of its message listed there."""
    named = dict(content)
    for kind in _MESSAGES:
        names = [str(path[1]) for path in removed if path[0] == kind and len(path) == 2]  # noqa: PLR2004 - the kind, and its field
        if names:
            named[kind] = {**content[kind], LEFT_OUT: names}
    return named


def _shown(removed: Sequence[_Path]) -> str:
    return ", ".join(".".join(str(step) for step in path) for path in removed)
