"""Geometry of plots: numbers in, rectangles of an SVG out. Colours and words are the page's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDE = 100.0
"""Of a bar's own drawing, whatever its size on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    name: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a table, with its picture."""

    name: str
    count: int
    share: float
    """Percent of the whole that the chart is about."""
    width: float
    """Of `WIDE`, against the longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns side by side, each of blocks that stand on each other."""

    width: float
    height: float
    blocks: Sequence[Block]
    top: int
    """What the height stands for."""


def bars(counts: Mapping[str, int], whole: int | None = None) -> list[Bar]:
    longest = max(counts.values(), default=0)
    total = sum(counts.values()) if whole is None else whole
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
    """One bar, cut into parts of a whole."""
    total, x, pieces = sum(counts.values()), 0.0, []
    for name, count in counts.items():
        width = WIDE * count / total if total else 0.0
        pieces.append(Piece(name=name, x=round(x, 2), width=round(width, 2)))
        x += width
    return pieces


def columns(
    counts: Sequence[Mapping[str, int]], *, names: Sequence[str], height: float = 120.0
) -> Columns:
    """`names` from the ground up; between two columns a third of one is left free."""
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
