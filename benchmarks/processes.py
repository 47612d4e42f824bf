"""What a turn costs where one, two or four processes share a PostgreSQL database.

The same updates a second are offered to each; Telegram's deliveries go to the processes in turn.
The processor time that all processes of a desk use is divided by the replies, so the figures can
be compared on a machine with fewer cores than processes. Rounds are interleaved, figures are
medians.

    python benchmarks/processes.py [--rate 150] [--rounds 5] [--seconds 8]
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rivals.bot_api import Telegram
from rivals.contenders import Contender, ours
from rivals.history import FIRST_CHAT, people
from rivals.loads import Run, closed, opened
from turns import CHATS, asked, calling, yes

from tests.support.databases import fresh_postgres, migrated

MOST = {1: 1.0, 2: 1.3, 4: 1.5}
"""By number of processes, the most that a turn may cost, beside one process."""


@dataclass(slots=True)
class Measured:
    """The rounds of one number of processes."""

    runs: list[Run] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Seconds a reply, each round."""


async def a_round(
    telegram: Telegram, contender: Contender, measured: Measured, options: argparse.Namespace
) -> None:
    async with calling(telegram, contender):
        before = contender.cpu()
        run = await opened(
            telegram,
            rate=options.rate,
            people=CHATS,
            seconds=options.seconds,
            memory=contender.memory,
        )
        measured.cpu.append((contender.cpu() - before) / max(run.replies, 1))
    measured.runs.append(run)


async def measure(options: argparse.Namespace) -> bool:
    telegram = Telegram(asked(), first_chat=FIRST_CHAT)
    api = f"http://127.0.0.1:{await telegram.listen()}"
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desks: dict[int, Contender] = {}
        for processes in MOST:
            url = await migrated(await stack.enter_async_context(fresh_postgres()))
            await people(url, CHATS, datetime.now(UTC))
            own = folder / str(processes)
            own.mkdir()
            bot = ours(str(processes), url, api, own, processes=processes)
            desks[processes] = await stack.enter_async_context(bot)
            desks[processes].sleep()
        for contender in desks.values():  # warm up
            async with calling(telegram, contender):
                await closed(telegram, people=64, seconds=options.seconds / 2)
        found = {processes: Measured() for processes in desks}
        for _ in range(options.rounds):
            for processes, contender in desks.items():
                await a_round(telegram, contender, found[processes], options)
    return report(found, options)


def report(found: dict[int, Measured], options: argparse.Namespace) -> bool:
    one = median(found[1].cpu)
    print(f"{options.rounds} rounds of {options.seconds:.0f} s, {options.rate:.0f} updates/s")
    print("| processes | CPU a turn | beside one | at most | p50 | p99 | lost or double | met |")
    print("|---|---|---|---|---|---|---|---|")
    well = True
    for processes, each in found.items():
        cost = median(each.cpu)
        p50, p99 = (median(getattr(run, cut) for run in each.runs) for cut in ("p50", "p99"))
        wrong = sum(run.lost + run.surplus for run in each.runs)
        met = cost / one <= MOST[processes] and not wrong
        well &= met
        print(
            f"| {processes} | {cost * 1000:.2f} ms | {cost / one:.2f} | {MOST[processes]} "
            f"| {p50 * 1000:.1f} ms | {p99 * 1000:.1f} ms | {wrong} | {yes(met)} |"
        )
    return well


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=150.0, help="updates a second")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=8.0, help="of a round")
    sys.exit(0 if asyncio.run(measure(options.parse_args())) else 1)


if __name__ == "__main__":
    main()
