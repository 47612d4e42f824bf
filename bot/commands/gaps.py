"""`helpdesk gaps`: what was asked in vain, without anybody's name on it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.config import Settings
from bot.content import answer_engine, load_library
from bot.desk import open_desk
from knowledge.gaps import Gap, Missed, gaps
from state.model.question import Question

NOT_HELPFUL = "not helpful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    gap: Gap
    slug: str | None
    """The article that comes nearest to it now."""


async def found_gaps(settings: Settings, days: int) -> Sequence[Nearest]:
    """Of the last so many days, the largest first."""
    async with open_desk(settings) as desk:
        since = desk.clock.now() - timedelta(days=days)
        asked = await desk.database.look(lambda unit: unit.questions.gaps(since))
    engine = answer_engine(load_library(settings), settings)
    found = gaps(_missed(one) for one in asked)
    return [
        Nearest(gap=gap, slug=next((one.slug for one in ranked), None))
        for gap in found
        for ranked in [engine.rank(gap.question, gap.language)]
    ]


def gap_lines(found: Sequence[Nearest], *, as_json: bool) -> Iterator[str]:
    if as_json:
        yield from (json.dumps(_record(one), ensure_ascii=False) for one in found)
    elif not found:
        yield "Nothing was asked in vain."
    else:
        yield from (_line(one) for one in found)


def _missed(question: Question) -> Missed:
    unhelpful = question.helpful is False
    how = question.fault or NOT_HELPFUL if unhelpful else question.outcome
    return Missed(
        words=question.words or "",
        language=question.language,
        how=how.replace("_", " "),
        asked_at=question.asked_at,
    )


def _record(one: Nearest) -> dict[str, Any]:
    return {
        "count": one.gap.count,
        "question": one.gap.question,
        "language": one.gap.language,
        "how": dict(one.gap.how),
        "nearest": one.slug,
        "last_at": one.gap.last_at.isoformat(timespec="seconds"),
    }


def _line(one: Nearest) -> str:
    how = ", ".join(f"{count} {how}" for how, count in one.gap.how.most_common())
    return f"{one.gap.count:4}  {one.gap.question}  ({how}; nearest: {one.slug or '-'})"
