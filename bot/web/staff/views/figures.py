"""View of the figures: counts, shares and charts."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.web.staff.views.charts import bars, columns, strip
from knowledge.model import DEFAULT_LANGUAGE, Library
from state.model.figures import ResolutionFigures, TalkFigures
from state.model.question import Outcome
from state.usecases.staff.figures import FUNNEL, Overview

CHOICES = (7, 30, 90)
OUTCOMES = (Outcome.FOUND, Outcome.UNSURE, Outcome.NOTHING)
"""In stacking order, bottom up."""
LIMITS = (
    ("5 minutes", timedelta(minutes=5)),
    ("15 minutes", timedelta(minutes=15)),
    ("an hour", timedelta(hours=1)),
    ("4 hours", timedelta(hours=4)),
    ("a day", timedelta(days=1)),
)
LATER = "later"


def page(overview: Overview, library: Library, days: int) -> dict[str, object]:
    """Template context of the figures of the last `days` days."""
    by_day = _by_day(overview)
    totals: Counter[str] = Counter(
        {one: sum(day[one] for day in by_day.values()) for one in OUTCOMES}
    )
    return {
        "days": days,
        "choices": CHOICES,
        "since": overview.since,
        "questions": sum(totals.values()),
        "outcomes": bars(totals),
        "columns": columns(list(by_day.values()), names=OUTCOMES),
        "by_day": [(day, counts) for day, counts in by_day.items() if sum(counts.values())],
        "ends": (min(by_day), max(by_day)),
        "names": OUTCOMES,
        "ratings": _ratings(overview, library),
        "resolution": _resolution(overview.resolution),
        "funnel": _funnel(overview.funnel),
        "talks": _talks(overview.talks),
    }


def _by_day(overview: Overview) -> Mapping[date, Counter[str]]:
    """Counts by day, including days without questions."""
    days: dict[date, Counter[str]] = {}
    day = overview.since.date()
    while day <= overview.until.date():
        days[day] = Counter()
        day += timedelta(days=1)
    for one in overview.outcomes:
        days.setdefault(one.day, Counter())[one.outcome] += one.count
    return days


def _ratings(overview: Overview, library: Library) -> Sequence[Mapping[str, object]]:
    titles: dict[str, str] = {
        one.slug: one.title
        for language in (*library.categories_by_language, DEFAULT_LANGUAGE)
        for one in library.articles(language)
    }
    return [
        {
            "title": titles.get(one.slug, one.slug),
            "helpful": one.helpful,
            "rated": one.rated,
            "share": 100 * one.helpful / one.rated,
        }
        for one in overview.ratings
    ]


def _resolution(figures: ResolutionFigures) -> Mapping[str, object]:
    parts = {
        "helped": figures.helped,
        "by_step": figures.by_step,
        "to_person": figures.to_person,
        "open": figures.asked - figures.resolved - figures.to_person,
    }
    return {
        "asked": figures.asked,
        "resolved": figures.resolved,
        "share": 100 * figures.resolved / figures.asked if figures.asked else 0.0,
        "parts": bars(parts, figures.asked),
        "strip": strip(parts),
    }


def _funnel(people: Mapping[str, int]) -> Mapping[str, object]:
    began = people.get("call.requested", 0)
    shown = {kind: people[kind] for kind in FUNNEL if kind in people}
    return {
        "bars": bars(shown, began),
        "began": began,
        "verified": people.get("call.verified", 0),
    }


def _talks(figures: TalkFigures) -> Mapping[str, object]:
    reasons = dict(sorted(figures.by_reason.items(), key=lambda one: -one[1]))
    return {
        "count": figures.count,
        "reasons": bars({reason.value: count for reason, count in reasons.items()}),
        "reopened": figures.reopened,
        "answered": figures.answered,
        "waiting": figures.waiting,
        "median": _at(figures.answer_times, 0.5),
        "slow": _at(figures.answer_times, 0.9),
        "times": bars(_within(figures.answer_times)),
    }


def _at(times: Sequence[timedelta], share: float) -> timedelta | None:
    """Quantile of sorted times; `share` from 0 to 1."""
    return times[min(len(times) - 1, int(share * len(times)))] if times else None


def _within(times: Sequence[timedelta]) -> Mapping[str, int]:
    counted: dict[str, int] = defaultdict(int, {name: 0 for name, _ in LIMITS} | {LATER: 0})
    for time in times:
        counted[next((name for name, most in LIMITS if time <= most), LATER)] += 1
    return counted
