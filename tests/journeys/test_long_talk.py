"""Two hundred messages both ways, with everything that can go wrong between them.

The whole bot before a Bot API over HTTP: edits, albums, a topic that somebody deletes, a restart,
and a Telegram that says no for a while. Nothing is lost, nothing is doubled, the order stays.
"""

import asyncio
from pathlib import Path

from bot.app import running
from tests.journeys.long_talk import on_loopback, staffed

EACH_WAY = 100
BY_THE_DELETION = 70


async def test_a_conversation_of_two_hundred_messages_loses_and_duplicates_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with on_loopback() as (talk, api):
        settings, telegram = staffed(database_url, api, tmp_path), talk.telegram
        async with running(settings):
            telegram.visitors.say(talk.chat, "agent please")
            for number in range(40):
                talk.ada(number)
            await talk.until(by_staff=40)
            for number in range(40):
                talk.ann(number)
            talk.correct(7, "from Ada seven")
            talk.album(40)
            await talk.until(by_staff=43, by_ada=40)
            telegram.flood.set_busy(busy=True)
            for number in range(41, 60):
                talk.ada(number)
                talk.ann(number - 1)
            await asyncio.sleep(0.3)
        # Stopped in the middle of it; what comes meanwhile waits at Telegram's.
        for number in range(60, BY_THE_DELETION):
            talk.ada(number)
            talk.ann(number - 1)
        telegram.flood.set_busy(busy=False)
        async with running(settings):
            await talk.until(by_staff=72, by_ada=69)
            before = talk.seen_by_staff()
            telegram.members.delete_topic(talk.group, talk.topic)
            for number in range(BY_THE_DELETION, EACH_WAY):
                talk.ada(number)
            await talk.until(by_staff=EACH_WAY - BY_THE_DELETION)
            for number in range(BY_THE_DELETION - 1, EACH_WAY):
                talk.ann(number)
            await talk.until(by_staff=0, by_ada=EACH_WAY)
            await asyncio.sleep(0.5)  # whatever would come twice comes now

    told = [f"from Ada {number}" for number in range(BY_THE_DELETION)]
    told[7] = "from Ada seven"
    told[40:41] = [f"from Ada 40{part}" for part in "abc"]
    rest = [f"from Ada {number}" for number in range(BY_THE_DELETION, EACH_WAY)]
    assert before == told
    assert talk.seen_by_staff() == rest
    assert talk.seen_by_ada() == [f"from Ann {number}" for number in range(EACH_WAY)]
    assert len(talk.group.topics) == 1
