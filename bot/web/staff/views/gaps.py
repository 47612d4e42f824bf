"""View of content gaps, and the form of a draft about one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.articles.gaps import ContentGap
from knowledge.library.drafting import slug_of
from knowledge.model import Article, Library
from knowledge.quality.gaps import Gap
from knowledge.tokens import normalise

CHOICES = (7, 30, 90, 365)
NEAR = 5
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Form fields of an article draft."""

    title: str
    slug: str
    category: str
    questions: str
    """One per line."""
    short: str = ""
    more: str = ""
    source: str = ""


def gap_list(gaps: Sequence[ContentGap], library: Library, days: int) -> dict[str, object]:
    """Template context of the list of content gaps."""
    return {
        "gaps": [_row(one, library) for one in gaps],
        "days": days,
        "choices": CHOICES,
        "asked": sum(one.gap.count for one in gaps),
    }


def gap_page(gap: ContentGap, library: Library) -> dict[str, object]:
    """Template context of one content gap."""
    language = gap.gap.language
    near = [article for slug in gap.slugs[:NEAR] if (article := library.article(slug, language))]
    others = [one for one in library.articles(language) if one not in near]
    return {
        "gap": _row(gap, library),
        "asked": variants(gap.gap),
        "near": [(one.slug, one.title) for one in near],
        "others": sorted((one.title, one.slug) for one in others),
        "categories": [shelf.name for shelf in library.categories(language)],
    }


def prefilled_fields(gap: ContentGap, library: Library) -> Fields:
    """Draft form prefilled from the gap; the article's text is left to write."""
    nearest = library.article(gap.slug, gap.gap.language) if gap.slug else None
    title = gap.gap.question[:LONGEST_TITLE]
    return Fields(
        title=title[:1].upper() + title[1:],
        slug=slug_of(title),
        category=nearest.category if nearest else "",
        questions="\n".join(words for words, _ in variants(gap.gap)),
    )


def variants(gap: Gap) -> list[tuple[str, int]]:
    """Different wordings of the question with their counts, most frequent first."""
    said: Counter[str] = Counter()
    first: dict[str, str] = {}
    for missed in gap.missed:
        key = normalise(missed.words)
        said[key] += missed.count
        first.setdefault(key, missed.words)
    return [(first[key], count) for key, count in said.most_common()]


def _row(found: ContentGap, library: Library) -> Mapping[str, object]:
    gap = found.gap
    nearest: Article | None = library.article(found.slug, gap.language) if found.slug else None
    return {
        "key": found.key,
        "question": gap.question,
        "count": gap.count,
        "language": gap.language,
        "how": gap.how.most_common(),
        "last_at": gap.last_at,
        "nearest": nearest.title if nearest else "",
        "nearest_slug": nearest.slug if nearest else "",
    }
