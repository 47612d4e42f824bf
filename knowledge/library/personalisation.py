"""Articles that know their reader: Markdown with Jinja in it becomes plain Markdown again.

A small part of Jinja is enough: `if`, `for`, comparisons, the facts by their names and three
filters. Everything else is a fault, found when the article is read; the sandbox stays beneath.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from knowledge.facts import NOBODY, Facts
from knowledge.model import Article, is_template

log = logging.getLogger(__name__)

MOMENT = "tg-time:"
"""What the target of a link begins with when its words are a moment; UNIX seconds follow."""
NAMES = frozenset(field.name for field in fields(Facts))

_TAGS = re.compile(
    r"\{%(?:(?!%\}|\{%).)*+%\}|\{#(?:(?!#\}|\{#).)*+#\}",
    re.DOTALL,
)
_SIGNS = re.compile(rf"{_TAGS.pattern}|\{{\{{(?:(?!\}}\}}|\{{\{{).)*+\}}\}}", re.DOTALL)
_LINE_OF_TAGS = re.compile(rf"^[ \t]*((?:(?:{_TAGS.pattern})[ \t]*)+)\n", re.DOTALL | re.MULTILINE)
_HOLE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
"""ASCII punctuation: all that means something in Markdown."""
_PARTS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test),
)


class CannotWriteError(Exception):
    """An article that can't be put into words for some reader."""


class _Markdown(str):
    """Put into the text as it is."""

    __slots__ = ()


def personal(article: Article, facts: Facts) -> Article:
    """The article as this reader should see it; as for anybody when that can't be done."""
    if not article.is_personal:
        return article
    try:
        return written(article, facts)
    except CannotWriteError:
        log.exception("the article %s is shown as to anybody", article.slug)
        return written(article, NOBODY)


def written(article: Article, facts: Facts) -> Article:
    """The article with plain Markdown in its parts; CannotWriteError if that can't be."""
    try:
        short = _text(article.short, facts)
        more = _text(article.more or "", facts)
    except Exception as error:  # a template may raise whatever its filters and comparisons raise
        raise CannotWriteError(str(error)) from error
    if not short:
        raise CannotWriteError("the short part is empty")
    return replace(article, short=short, more=more or None)


def prose(markdown: str) -> str:
    """The Markdown without its template's signs, line by line."""
    return _SIGNS.sub(lambda found: "\n" * found[0].count("\n"), markdown)


def template_faults(markdown: str) -> Iterator[tuple[int, str]]:
    """What is no part of the small Jinja of articles: the line, counted from 1, and why."""
    try:
        yield from _faults_in(_ENVIRONMENT.parse(markdown))
    except TemplateSyntaxError as error:
        yield error.lineno, f"template: {error.message}"
    except RecursionError:
        yield 1, "template: an expression or a tag is nested too deeply"


def _faults_in(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    loops = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    for node in (tree, *tree.find_all(nodes.Node)):
        fault = _fault(node, NAMES | loops)
        if fault:
            yield node.lineno, f"template: {fault}"


def _fault(node: nodes.Node, names: frozenset[str]) -> str | None:
    if not isinstance(node, _PARTS):
        return f"{type(node).__name__.lower()} is not used in articles"
    if isinstance(node, nodes.For) and node.find(nodes.For):
        return "a loop inside a loop is not used in articles"
    for kind, known, word in (
        (nodes.Name, names, "fact"),
        (nodes.Filter, _FILTERS, "filter"),
        (nodes.Test, _TESTS, "test"),
    ):
        if isinstance(node, kind) and node.name not in known:
            return f"there is no {word} {node.name}"
    return None


def _text(markdown: str, facts: Facts) -> str:
    if not is_template(markdown):
        return markdown
    context = {name: getattr(facts, name) for name in NAMES}
    return _HOLE.sub("\n\n", _template(markdown).render(context)).strip()


@lru_cache(maxsize=1024)
def _template(markdown: str) -> Template:
    """Tags that have a line to themselves leave no line behind."""
    return _ENVIRONMENT.from_string(_LINE_OF_TAGS.sub(r"\1", markdown))


def _moment(value: datetime) -> _Markdown:
    words = value.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")
    return _Markdown(f"[{words}]({MOMENT}{int(value.timestamp())})")


def _join(values: Iterable[str], between: str = ", ") -> str:
    return between.join(values)


def _shown(value: object) -> str:
    """How a fact stands in the text; one that is not known, or not a word, does not."""
    if isinstance(value, _Markdown):
        return value
    if isinstance(value, str):
        return _SIGN.sub(r"\\\1", " ".join(value.split()))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value).removesuffix(".0")  # as reported: no digit is rounded away
    raise TypeError(f"{value!r} can't stand in a text")


_FILTERS = {"moment": _moment, "join": _join, "length": len}
_TESTS = {"none": lambda value: value is None}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Without arithmetic, too: a power of powers, or a text times a billion, stops a process."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def call_binop(self, _context: object, operator: str, *_values: object) -> object:
        raise SecurityError(f"{operator} is not used in articles")


def _environment() -> ImmutableSandboxedEnvironment:
    made = _Sandbox(
        undefined=StrictUndefined,
        finalize=_shown,
        autoescape=False,  # the outcome is Markdown, and _shown escapes for that
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters = dict(_FILTERS)
    made.tests = dict(_TESTS)
    return made


_ENVIRONMENT = _environment()
