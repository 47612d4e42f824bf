"""Geometry of charts: turns counts into SVG rectangles, without colours and labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDE = 100.0
"""Width of a bar chart in SVG units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A segment of a stacked bar."""

    name: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of a bar chart, with its count."""

    name: str
    count: int
    share: float
    """Percent of the chart's total."""
    width: float
    """In SVG units, `WIDE` for the longest bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle of a column chart."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A stacked column chart."""

    width: float
    height: float
    blocks: Sequence[Block]
    top: int
    """Count that the full height stands for."""


def bars(counts: Mapping[str, int], of_total: int | None = None) -> list[Bar]:
    """A bar chart; shares are percentages of `of_total`, by default the sum."""
    longest = max(counts.values(), default=0)
    total = sum(counts.values()) if of_total is None else of_total
    return [
        Bar(
            name=name,
            count=count,
            share=100 * count / total if total else 0.0,
            width=round(WIDE * count / longest, 2) if longest else 0.0,
        )
        for name, count in counts.items()
    ]


def strip(counts: Mapping[str, int]) -> list[Piece]:
    """A single stacked bar that shows parts of a whole."""
    total, x, pieces = sum(counts.values()), 0.0, []
    for name, count in counts.items():
        width = WIDE * count / total if total else 0.0
        pieces.append(Piece(name=name, x=round(x, 2), width=round(width, 2)))
        x += width
    return pieces


def columns(
    counts: Sequence[Mapping[str, int]], *, names: Sequence[str], height: float = 120.0
) -> Columns:
    """A stacked column chart; `names` are stacked bottom up, a quarter of each step is a gap."""
    top = max((sum(one.values()) for one in counts), default=0)
    step = 720 / max(len(counts), 1)
    blocks = []
    for place, one in enumerate(counts):
        y = height
        for name in names:
            tall = height * one.get(name, 0) / top if top else 0.0
            y -= tall
            if tall:
                blocks.append(
                    Block(
                        name=name,
                        x=round(place * step, 2),
                        y=round(y, 2),
                        width=round(step * 0.75, 2),
                        height=round(tall, 2),
                    )
                )
    return Columns(width=720.0, height=height, blocks=blocks, top=top)
