"""Every regular expression of the product, and texts that a slow one takes long over."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from time import thread_time
from types import ModuleType
from typing import Any

from tests.architecture.source import Module, modules

FOLDERS = ("bot", "knowledge", "state")
LOADED_BY_PATH = "state/migrations/"
"""Alembic's; nothing that anybody wrote runs through them."""
LONGEST_MESSAGE = 4096
"""Characters, Telegram's limit."""
LENGTHS = (256, 1024, 4 * LONGEST_MESSAGE)
"""At the last a linear pattern takes some milliseconds and a quadratic one hundreds; at the others
even a cubic one comes to an end."""
ALLOWED = 0.05
"""Seconds."""
HOPELESS = 10 * ALLOWED
TRIES = 5
"""The fastest counts: a busy machine makes some of them slow, a slow pattern all of them."""

UNITS = {
    "one letter": "a",
    "spaces": " ",
    "line breaks": "\n",
    "full stops": ".",
    "at signs": "@",
    "digits": "7",
    "emoji": "\N{GRINNING FACE}",
    "right to left": "\N{HEBREW LETTER ALEF}",
    "words of one letter": "a ",
    "spaces and line breaks": " \n",
    "addresses": "a@",
    "abbreviations": "a.",
    "numbers of one digit": "1 ",
    "capitals": "A",
    "dashes": " -",
    "questions": "how? ",
    "commas": "how, ",
}
"""What kinds of text are made of."""
_ESCAPED = re.compile(r"\\([^\w])")
_OWN = (re.compile(r"[^\W_]+"), re.compile(r"[^\w\s]+"), re.compile(r"[\w ,:;=/<>&#!%{}@'\"\[-]+"))
_AFTER = ("", " ", "\n")
_FILLERS = (" ", "a", "7", ".")


def texts(length: int) -> Mapping[str, str]:
    """One of each kind, by its name."""
    return {name: repeated(unit, length) for name, unit in UNITS.items()}


def repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def module_names(root: Path, *folders: str) -> Iterator[str]:
    for module in modules(root, *folders):
        if not module.path.startswith(LOADED_BY_PATH):
            yield module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def patterns(root: Path, *folders: str) -> Mapping[str, re.Pattern[Any]]:
    """By the name that a module has for each, or for what holds it."""
    return {
        f"{name}.{place}": pattern
        for name in module_names(root, *folders)
        for place, pattern in patterns_of(import_module(name))
    }


def patterns_of(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in vars(module).items():
        yield from _within(name, value)


def _within(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(f"{name}[{key!r}]", inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for place, inner in enumerate(value):
            yield from _within(f"{name}[{place}]", inner)


def seconds(pattern: re.Pattern[Any], text: str) -> float:
    """Of the processor, in the fastest of a few tries, for every way to use a pattern."""
    return min(_tries(pattern, text.encode() if isinstance(pattern.pattern, bytes) else text))


def _tries(pattern: re.Pattern[Any], text: str | bytes) -> Iterator[float]:
    for _ in range(TRIES):
        began = thread_time()
        pattern.fullmatch(text)
        for _found in pattern.finditer(text):
            pass
        yield (took := thread_time() - began)
        if took <= ALLOWED or took > HOPELESS:
            return


def slow(found: Mapping[str, re.Pattern[Any]]) -> list[str]:
    """Patterns that take too long over a text of some kind, or over their own words repeated."""
    return [
        f"{name}: {fault}: {pattern.pattern}"
        for name, pattern in found.items()
        for fault in islice(_faults(pattern), 1)
    ]


def _faults(pattern: re.Pattern[Any]) -> Iterator[str]:
    for length in LENGTHS:
        for kind, text in _texts_for(pattern, length):
            took = seconds(pattern, text)
            if took > ALLOWED:
                yield f"{took:.3f} s over {length} characters of {kind}"


def _texts_for(pattern: re.Pattern[Any], length: int) -> Iterator[tuple[str, str]]:
    yield from texts(length).items()
    written = pattern.pattern
    for own in _pieces(written if isinstance(written, str) else written.decode()):
        for after in _AFTER:
            yield f"{own + after!r} repeated", repeated(own + after, length)
        for filler in _FILLERS:
            yield f"{own!r} and then {filler!r} repeated", own + repeated(filler, length)


def _pieces(source: str) -> Sequence[str]:
    """What is written out in a pattern: words, signs and runs of both."""
    plain = _ESCAPED.sub(r"\1", source)
    return sorted({piece for form in _OWN for piece in form.findall(plain)})


def made_elsewhere(root: Path, *folders: str) -> list[str]:
    """Uses of `re` that `patterns` cannot find: it looks at what modules have names for."""
    return [
        f"{module.at(call)}: give a compiled pattern a name at the top of the module"
        for module in modules(root, *folders)
        for call in _calls(module.tree)
        if call not in _named(module)
    ]


def _named(module: Module) -> Collection[ast.Call]:
    statements = (one for one in module.tree.body if isinstance(one, ast.Assign | ast.AnnAssign))
    return [
        call
        for statement in statements
        for call in _calls(statement)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
    ]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)):
                if name != "escape":
                    yield node
            case _:
                pass
