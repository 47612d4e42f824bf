"""Checks of every Bot API call, by the Bot API's schema and by the rules of teremok."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aiogram import Bot
from aiogram.methods import EditMessageText, SendMessage
from teremok.validation import ApiRuleViolation, validate_method

from tests.bot.demo.schema import definitions, faults

_BOT = Bot("42:test")
_WORDS = {"sendMessage": SendMessage, "editMessageText": EditMessageText}
_MOMENT = re.compile(r"<tg-time [^>]*>(.*?)</tg-time>")
"""teremok 0.2.0 is older than the date_time entity; such clients show the text inside."""


def judged(method: str, parameters: Mapping[str, Any]) -> list[str]:
    """Faults of a call: everything that Telegram would reject."""
    found = list(_schema_faults(method, parameters))
    if method in _WORDS:
        found += _rule_faults(method, parameters)
    return found


def _schema_faults(method: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    definition = definitions().get(method)
    if definition is None or definition["category"] != "methods":
        yield f"{method}: not a method of the Bot API"
        return
    known = {field["name"]: field for field in definition["annotations"]}
    yield from (f"{method}: {name} is unknown" for name in parameters.keys() - known.keys())
    for name, field in known.items():
        if name in parameters:
            yield from faults(parameters[name], field["type"], f"{method}.{name}")
        elif field["required"]:
            yield f"{method}: {name} is missing"


def _rule_faults(method: str, parameters: Mapping[str, Any]) -> list[str]:
    older = {**parameters, "text": _MOMENT.sub(r"\1", parameters["text"])}
    try:
        validate_method(_BOT, _WORDS[method](**older))
    except ApiRuleViolation as violation:
        return [f"{violation.description}: {parameters['text']}"]
    return []
