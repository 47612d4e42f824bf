"""`helpdesk gaps`: unanswered questions in groups, without who asked them."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from bot.articles.catalogue import answer_engine, load_library
from bot.articles.gaps import ContentGap, missed_since, nearest_gaps
from bot.context import open_desk
from bot.settings import Settings


async def found_gaps(settings: Settings, days: int, top: int) -> Sequence[ContentGap]:
    """Groups of unanswered questions of the last `days` days; the `top` largest, largest first."""
    async with open_desk(settings) as desk:
        since = desk.clock.now() - timedelta(days=days)
        asked = await desk.database.read(lambda unit: missed_since(unit, since))
    return nearest_gaps(asked, answer_engine(load_library(settings), settings), top)


def gap_lines(gaps: Sequence[ContentGap], *, as_json: bool) -> Iterator[str]:
    """The groups as text or as JSON lines."""
    if as_json:
        yield from (json.dumps(_record(one), ensure_ascii=False) for one in gaps)
    elif not gaps:
        yield "Nothing was asked in vain."
    else:
        yield from (_line(one) for one in gaps)


def _record(gap: ContentGap) -> dict[str, Any]:
    return {
        "count": gap.gap.count,
        "question": gap.gap.question,
        "language": gap.gap.language,
        "how": dict(gap.gap.how),
        "nearest": gap.slug,
        "last_at": gap.gap.last_at.isoformat(timespec="seconds"),
    }


def _line(gap: ContentGap) -> str:
    how = ", ".join(f"{count} {how}" for how, count in gap.gap.how.most_common())
    return f"{gap.gap.count:4}  {gap.gap.question}  ({how}; nearest: {gap.slug or '-'})"
