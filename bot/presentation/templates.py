"""Jinja environment of messages and calls: autoescape, strict names, gettext, date filters."""

import gettext
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from html import unescape
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.presentation.telegram_html import html_of, telegram_html

SOURCE_LANGUAGE = "en"
SAME_FOR_MANY = frozenset({"article", "welcome"})
"""Messages whose rendering is cached (LRU) by context, since many readers get the same.

Their context may hold a reader's progress, but never a code or a phone number.
"""


def templates_folder() -> Path:
    """Folder of the templates, in a checkout or an installed wheel."""
    return Path(str(files("templates")))


class Templating:
    """Renders templates in each of the configured languages."""

    def __init__(
        self, *, brand: str, code_digits: int, languages: Iterable[str] = (SOURCE_LANGUAGE,)
    ) -> None:
        """`code_digits`: length of a verification code, as the policy has it."""
        self.code_digits = code_digits
        self._environments = {name: _environment(name, brand, code_digits) for name in languages}
        self._spoken = {SOURCE_LANGUAGE: _environment(SOURCE_LANGUAGE, brand, code_digits)}

    def language(self, *wanted: str | None) -> str:
        """First wanted language that is configured, else the first configured one.

        `pt-br` falls back to `pt`.
        """
        for tag in wanted:
            for name in (tag or "").lower().replace("_", "-"), (tag or "").lower()[:2]:
                if name in self._environments:
                    return name
        return next(iter(self._environments))

    def message(self, name: str, context: Mapping[str, object], language: str) -> str:
        """Telegram HTML of `templates/messages/<name>.html`."""
        environment, path = self._environments[language], f"messages/{name}.html"
        if name in SAME_FOR_MANY:
            return _kept(environment, path, tuple(context.items()))
        return telegram_html(_rendered(environment, path, context))

    def label(self, name: str, values: Mapping[str, object], language: str) -> str:
        """Text of a button: a macro of `templates/messages/buttons.html`."""
        environment = self._environments[language]
        if values:
            return _label(environment, name, values)
        return _plain_label(environment, name)

    def speech(self, name: str, context: Mapping[str, object], language: str) -> str:
        """Plain text of `templates/calls/<name>.html`, to be spoken.

        A language without a voice falls back to English, so that no call is silent.
        """
        spoken = self._spoken.get(language, self._spoken[SOURCE_LANGUAGE])
        return " ".join(unescape(_rendered(spoken, f"calls/{name}.html", context)).split())


def _rendered(environment: Environment, path: str, context: Mapping[str, object]) -> str:
    """Like `Template.render`, but without its copy of all globals on each call."""
    template = environment.get_template(path)
    known = template.new_context({**environment.globals, **context}, shared=True)
    try:
        return "".join(template.root_render_func(known))
    except Exception:  # noqa: BLE001 - raised again, with the lines of the template
        return environment.handle_exception()


@lru_cache(maxsize=512)
def _kept(environment: Environment, path: str, context: tuple[tuple[str, object], ...]) -> str:
    """Cached rendering."""
    return telegram_html(_rendered(environment, path, dict(context)))


@cache
def _buttons(environment: Environment) -> object:
    return environment.get_template("messages/buttons.html").module


def _label(environment: Environment, name: str, values: Mapping[str, object]) -> str:
    return unescape(str(getattr(_buttons(environment), name)(**values))).strip()


@cache
def _plain_label(environment: Environment, name: str) -> str:
    """Cached label of a button without values."""
    return _label(environment, name, {})


@cache
def _environment(language: str, brand: str, code_digits: int) -> Environment:
    """Cached environment of a language, since compiling templates is slow."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each message checks its file for changes
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    catalogue = _catalogue(language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.globals |= {
        "brand": brand,
        "code_digits": code_digits,
        "gettext": _gettext(catalogue),
    }
    environment.filters |= {
        "moment": moment,
        "when": when,
        "soon": soon,
        "day": lambda value: day(value, language),
        "markdown": lambda text: Markup(html_of(text)),  # noqa: S704 - html_of escapes raw HTML
        "percent": percent,
        "language_name": language_name,
        "untranslated": _untranslated().__getitem__,
    }
    return environment


def _gettext(catalogue: gettext.NullTranslations) -> Callable[..., Markup]:
    """Like Jinja's own gettext, with a cache."""

    @cache
    def words(message: str) -> Markup:
        return Markup(catalogue.gettext(message))  # noqa: S704 - the templates' own

    @cache
    def alone(message: str) -> Markup:
        return words(message) % {}

    def said(message: str, /, **values: object) -> Markup:
        return words(message) % values if values else alone(message)

    return said


def _catalogue(language: str) -> gettext.NullTranslations:
    """Translations from the `.po` file, compiled in memory, so that no build step is needed."""
    path = templates_folder() / "locale" / language / "LC_MESSAGES" / "helpdesk.po"
    if language == SOURCE_LANGUAGE or not path.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - English needs neither
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _untranslated() -> Mapping[str, str]:
    """The line that says that there are no articles in a language, by the language."""
    text = (templates_folder() / "untranslated.toml").read_text(encoding="utf-8")
    lines: Mapping[str, str] = tomllib.loads(text)
    return lines


def day(value: date, language: str) -> str:
    """A date like `23 November 2026`, in the language."""
    from babel.dates import format_date  # noqa: PLC0415 - slow to import, and few texts have a day

    return format_date(value, "d MMMM y", locale=language)


def language_name(tag: str) -> str:
    """A language's own name for itself, such as `español`; the tag if it is unknown."""
    from babel import Locale  # noqa: PLC0415 - slow to import, and few texts name languages
    from babel.core import UnknownLocaleError  # noqa: PLC0415

    try:
        return str(Locale.parse(tag, sep="-").get_display_name() or tag)
    except (UnknownLocaleError, ValueError):
        return tag


def moment(value: datetime, shape: str = "Dt") -> Markup:
    """A `tg-time` tag, which clients show in the reader's time zone; others show the UTC text.

    `shape` is Bot API's `date_time` format, for instance `Dt`, or `r` for "in 23 hours".
    """
    seconds = int(value.timestamp())
    return Markup('<tg-time unix="{}" format="{}">{}</tg-time>').format(
        seconds, shape, utc_text(value)
    )


def when(value: datetime) -> Markup:
    """A future moment rounded up to the minute.

    In the reader's time zone, with UTC in brackets.
    """
    full = full_minute(value)
    return moment(full) + Markup(" ({})").format(utc_text(full))


def soon(value: datetime) -> Markup:
    """A moment minutes ahead, rounded up to the minute: the time of day only."""
    return moment(full_minute(value), "t")


def full_minute(value: datetime) -> datetime:
    """Round up to the full minute, so that waiting until the shown time is long enough."""
    whole = value.replace(second=0, microsecond=0)
    return whole if whole == value else whole + timedelta(minutes=1)


def utc_text(value: datetime) -> str:
    """Like `23 Nov 2026, 14:05 UTC`."""
    return value.astimezone(UTC).strftime("%-d %b %Y, %H:%M UTC")


def percent(value: float) -> str:
    """A percentage without trailing zeros: 79.6, 72."""
    return f"{value:g}"
