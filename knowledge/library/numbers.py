"""Checks numbers in articles: each is the policy's, or the article names its source."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.library.document import Document, Finding
from knowledge.library.personalisation import without_tags

_UNITS = {
    "Connects": r"Connects?\b",
    "%": r"(?:%|per ?cent\b)",
    "attempts": r"(?:attempts?|tries)\b",
    "hours": r"hours?\b",
}
"""Units of the policy's numbers, and a pattern for each in text."""
_COUNTED = "two three four five six seven eight nine ten eleven twelve"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORDS = {
    **{word: place for place, word in enumerate(_COUNTED.split(), start=2)},
    "twenty-four": 24,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "eighty": 80,
}
"""Numbers written out; "one" is omitted, as it mostly counts nothing."""
_FIGURE = re.compile(
    rf"(?<![\d.,$\w-])({_NUMBER.pattern}|{'|'.join(_WORDS)})[\s-]?"
    rf"(?:{'|'.join(f'({unit})' for unit in _UNITS.values())})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number of the policy that articles may state."""

    value: float
    unit: str | None = None
    """Connects, %, attempts or hours; None: another unit."""


class _Figure(NamedTuple):
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g}{'' if self.unit == '%' else ' '}{self.unit}"


def number_faults(document: Document, policy: Mapping[str, StatedNumber]) -> Iterator[Finding]:
    """Numbers that contradict the policy or have no source; `policy`: its numbers by name."""
    article = document.article
    text = without_tags(document.body).replace("*", "")
    yield from _declared(document, policy, {float(one) for one in _NUMBER.findall(text)})
    allowed = {
        _Figure(value, policy[name].unit or "")
        for name, value in article.numbers.items()
        if name in policy
    }
    others: dict[_Figure, str] = {}
    for name in article.other_numbers:
        figures = [one for one, _ in _figures(name)]
        if len(figures) != 1:
            message = f"other_numbers: {name} is no number with a unit such as {', '.join(_UNITS)}"
            yield document.finding(document.line("other_numbers", name), message)
        others |= dict.fromkeys(figures, name)
    found = [(one, document.line("title")) for one, _ in _figures(article.title)]
    found += [(one, document.body_line + line) for one, line in _figures(text)]
    for figure, line in found:
        if figure not in allowed | others.keys():
            message = f"{figure} is stated, and neither numbers nor other_numbers knows of it"
            yield document.finding(line, message)
    for figure in others.keys() - {one for one, _ in found}:
        message = f"other_numbers: {others[figure]} is not in the text"
        yield document.finding(document.line("other_numbers", others[figure]), message)


def _declared(
    document: Document, policy: Mapping[str, StatedNumber], stated: set[float]
) -> Iterator[Finding]:
    for name, value in document.article.numbers.items():
        line = document.line("numbers", name)
        if name not in policy:
            yield document.finding(line, f"numbers: the policy has no number {name}")
        elif value != policy[name].value:
            said = f"numbers: {name} is {value:g} here and {policy[name].value:g} in the policy"
            yield document.finding(line, said)
        if value not in stated:
            yield document.finding(line, f"numbers: {name} = {value:g} is not in the text")


def _figures(text: str) -> Iterator[tuple[_Figure, int]]:
    """Numbers with a unit, each with its line offset."""
    for found in _FIGURE.finditer(text):
        value, *units = found.groups()
        unit = next(name for name, said in zip(_UNITS, units, strict=True) if said)
        yield _Figure(_value(value), unit), text.count("\n", 0, found.start())


def _value(said: str) -> float:
    return float(_WORDS.get(said.lower(), said))
