"""What came of it, counted twice: by what people were sent, and by what the database holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import select

from state.store.tables.questions import question
from tests.chaos.crowd import Crowd, Person
from tests.faults.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All but `repeated` have to be 0."""

    lost_updates: int
    """That people sent and the desk never stored."""
    left_waiting: int
    """Updates and messages that nobody saw to in the end."""
    set_aside: int
    """Updates or messages that were given up."""
    lost_replies: int
    foreign_replies: int
    """That nobody there had asked for."""
    out_of_order: int
    """Chats whose answers changed places."""
    effects_missing: int
    effects_twice: int
    effects_out_of_order: int
    """Chats whose questions were noted in another order than they were asked."""
    early_retries: int
    """Beyond those that kills account for: a wait not stored yet dies with its process."""
    repeated_too_often: int
    """Repetitions beyond what the kills and the lost answers account for."""
    repeated: int
    """Messages that came again."""

    @property
    def is_clean(self) -> bool:
        counts = {each.name: getattr(self, each.name) for each in fields(self)}
        return not any(count for name, count in counts.items() if name != "repeated")

    def __str__(self) -> str:
        return ", ".join(
            f"{getattr(self, each.name)} {each.name.replace('_', ' ')}" for each in fields(self)
        )


async def judge(
    crowd: Crowd, ledger: Ledger, slugs: Mapping[str, str], *, may_repeat: int, may_forget: int = 0
) -> Verdict:
    told = {person.chat: crowd.world.told(person.chat) for person in crowd.people}
    noted = await _noted(ledger)
    wanted = {person.chat: [slugs[title] for title in person.asks] for person in crowd.people}
    repeated = sum(len(lines) - len(set(lines)) for lines in told.values())
    missing, twice = _compared(wanted, noted)
    return Verdict(
        lost_updates=crowd.asked - await ledger.updates(),
        left_waiting=len(await ledger.waiting(crowd.world.clock.now())),
        set_aside=len(await ledger.given_up()),
        lost_replies=sum(len(set(one.asks) - set(told[one.chat])) for one in crowd.people),
        foreign_replies=sum(len(set(told[one.chat]) - set(one.asks)) for one in crowd.people),
        out_of_order=sum(_is_shuffled(one, told[one.chat]) for one in crowd.people),
        effects_missing=missing,
        effects_twice=twice,
        effects_out_of_order=sum(noted.get(chat) != slugs for chat, slugs in wanted.items()),
        early_retries=max(0, crowd.world.weather.early - may_forget),
        repeated_too_often=max(0, repeated - may_repeat),
        repeated=repeated,
    )


def _is_shuffled(person: Person, told: Sequence[str]) -> bool:
    came = list(dict.fromkeys(told))
    return came != [title for title in person.asks if title in came]


def _compared(wanted: Mapping[int, list[str]], noted: Mapping[int, list[str]]) -> tuple[int, int]:
    """How many notes are missing, and how many too many."""
    asked = Counter((chat, slug) for chat, slugs in wanted.items() for slug in slugs)
    found = Counter((chat, slug) for chat, slugs in noted.items() for slug in slugs)
    return (asked - found).total(), (found - asked).total()


async def _noted(ledger: Ledger) -> dict[int, list[str]]:
    """The articles that each chat's questions led to, in the order of the notes."""
    wanted = select(question.c.chat_id, question.c.slug).order_by(question.c.id)
    notes: dict[int, list[str]] = {}
    for chat, slug in await ledger.rows(wanted):
        notes.setdefault(chat, []).append(slug)
    return notes
