"""Personalised articles: renders Markdown with Jinja tags into plain Markdown for one reader.

A subset of Jinja: `if`, `for`, comparisons, the facts by name, and three filters. Anything else is
a fault reported when the article is parsed; rendering is sandboxed as well.
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
"""URL prefix of a link that marks a moment; UNIX seconds follow."""
NAMES = frozenset(field.name for field in fields(Facts))

_TAGS = re.compile(
    r"\{%(?:(?!%\}|\{%).)*+%\}|\{#(?:(?!#\}|\{#).)*+#\}",
    re.DOTALL,
)
_SIGNS = re.compile(rf"{_TAGS.pattern}|\{{\{{(?:(?!\}}\}}|\{{\{{).)*+\}}\}}", re.DOTALL)
_LINE_OF_TAGS = re.compile(rf"^[ \t]*((?:(?:{_TAGS.pattern})[ \t]*)+)\n", re.DOTALL | re.MULTILINE)
_HOLE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
"""ASCII punctuation: every character that is special in Markdown."""
_PARTS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test),
)


class RenderError(Exception):
    """An article cannot be rendered for some reader."""


class _Markdown(str):
    """A string that is inserted without escaping."""

    __slots__ = ()


def render_for(article: Article, facts: Facts) -> Article:
    """Render an article for a reader; if that fails, for an unknown reader."""
    if not article.is_personal:
        return article
    try:
        return render(article, facts)
    except RenderError:
        log.exception("the article %s is shown as to anybody", article.slug)
        return render(article, NOBODY)


def render(article: Article, facts: Facts) -> Article:
    """Render an article to plain Markdown; CannotWriteError if that fails."""
    try:
        short = _text(article.short, facts)
        more = _text(article.more or "", facts)
    except Exception as error:  # a template may raise whatever its filters and comparisons raise
        raise RenderError(str(error)) from error
    if not short:
        raise RenderError("the short part is empty")
    return replace(article, short=short, more=more or None)


def without_tags(markdown: str) -> str:
    """The Markdown without template tags; line numbers stay."""
    return _SIGNS.sub(lambda found: "\n" * found[0].count("\n"), markdown)


def template_faults(markdown: str) -> Iterator[tuple[int, str]]:
    """Uses of Jinja outside the subset: line number from 1, and reason."""
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
    """Compile a template; a line with only tags leaves no empty line."""
    return _ENVIRONMENT.from_string(_LINE_OF_TAGS.sub(r"\1", markdown))


def _moment(value: datetime) -> _Markdown:
    words = value.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")
    return _Markdown(f"[{words}]({MOMENT}{int(value.timestamp())})")


def _join(values: Iterable[str], between: str = ", ") -> str:
    return between.join(values)


def _shown(value: object) -> str:
    """Render a fact as text, escaped; TypeError for None and other types."""
    if isinstance(value, _Markdown):
        return value
    if isinstance(value, str):
        return _SIGN.sub(r"\\\1", " ".join(value.split()))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value).removesuffix(".0")  # unrounded, as reported
    raise TypeError(f"{value!r} can't stand in a text")


_FILTERS = {"moment": _moment, "join": _join, "length": len}
_TESTS = {"none": lambda value: value is None}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Sandbox without arithmetic too: huge powers or repeated strings would block the process."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def call_binop(self, _context: object, operator: str, *_values: object) -> object:
        raise SecurityError(f"{operator} is not used in articles")


def _environment() -> ImmutableSandboxedEnvironment:
    made = _Sandbox(
        undefined=StrictUndefined,
        finalize=_shown,
        autoescape=False,  # the output is Markdown, which _shown escapes
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.filters = dict(_FILTERS)
    made.tests = dict(_TESTS)
    return made


_ENVIRONMENT = _environment()
