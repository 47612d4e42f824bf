"""State of the demo: people, chats, phone, clock and bot, as the page shows them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from bot.demo.clock import DemoClock
from bot.demo.errors import NotNowError
from bot.demo.events import Events
from bot.demo.login import Login
from bot.demo.marketplace import SampleMarketplace
from bot.demo.people import SamplePerson
from bot.demo.phone.line import PhoneLine
from bot.demo.phone.provider import PhoneProvider
from bot.demo.staff import GROUP_ID, MEMBERS, Member, staff_group
from bot.demo.telegram.server import Telegram

State: TypeAlias = dict[str, Any]
"""JSON for the page."""


class World:
    """The demo's services and people; the page's commands act on it."""

    def __init__(
        self,
        *,
        people: tuple[SamplePerson, ...],
        clock: DemoClock,
        telegram: Telegram,
        phone: PhoneProvider,
        marketplace: SampleMarketplace,
        events: Events,
        login: Login,
        staff_url: str,
    ) -> None:
        self.people = people
        self.clock = clock
        self.telegram = telegram
        self.phone = phone
        self.marketplace = marketplace
        self.events = events
        self.login = login
        self.staff_url = staff_url
        self._bot: State = {"state": "starting", "detail": ""}
        for person in people:
            telegram.chats.add(person.user(), phone=person.phone)
        self.group = staff_group()
        telegram.chats.open(self.group)

    def person(self, person_id: str) -> SamplePerson:
        found = next((each for each in self.people if each.id == person_id), None)
        if found is None:
            raise NotNowError("There is nobody with that id here.")
        return found

    # ------------------------------------------------------------ what the page shows

    def state(self, person_id: str) -> State:
        """Everything the page shows for one person."""
        person = self.person(person_id)
        conversation = self.telegram.chats.of(person.telegram_id)
        return {
            "type": "state",
            "person": {"id": person.id, "chat": person.telegram_id, "phone": person.phone},
            "me": self.telegram.me,
            "messages": list(conversation.messages.values()),
            "keyboard": conversation.keyboard,
            "blocked": conversation.blocked,
            "phone": self._phone_of(person),
            "busy": self.telegram.flood.busy,
            "bot": self._bot,
            "staff": self.staff(),
            **self.menu(person),
            **self.time(),
        }

    def staff(self) -> State:
        """State of the staff group, whose members every user of the page can play."""
        return {
            "topics": self.group.shown_topics(),
            "messages": list(self.group.messages.values()),
        }

    def member(self, member_id: str) -> Member:
        found = next((each for each in MEMBERS if each.id == member_id), None)
        if found is None:
            raise NotNowError("There is nobody with that id in the group.")
        return found

    def menu(self, person: SamplePerson) -> State:
        profile = self.telegram.profile
        return {
            "commands": profile.commands_for(person.telegram_id, person.language),
            "description": profile.description_for(person.language),
        }

    def time(self) -> State:
        return {"now": self.clock.now().timestamp(), "ahead": self.clock.ahead.total_seconds()}

    def bot_is(self, state: str, detail: str = "") -> None:
        """Set the bot's state: `starting`, `ready`, or `failed` with a reason."""
        self._bot = {"state": state, "detail": detail}
        self.events.publish({"type": "bot", "bot": self._bot})

    def event_for(
        self, event: Mapping[str, Any], person: SamplePerson
    ) -> Mapping[str, Any] | None:
        """The event as this person's page needs it; None if it concerns another person."""
        if event.get("chat") == GROUP_ID:
            return {**event, "type": f"staff-{event['type']}"}
        if event.get("chat", person.telegram_id) != person.telegram_id:
            return None
        match event["type"]:
            case "commands":
                return {**event, **self.menu(person)}
            case "phone":
                return {**event, "phone": self._phone_of(person)}
            case _:
                return event

    def _phone_of(self, person: SamplePerson) -> Mapping[str, Any]:
        return self.phone.shown(lambda number: self._rings_at(person, number))

    def _rings_at(self, person: SamplePerson, number: str) -> bool:
        """Whether a number rings at this person's phone.

        A number that belongs to no sample person rings at everybody's: someone just typed it in.
        """
        return number == person.phone or all(number != each.phone for each in self.people)

    # ------------------------------------------------------------ what the person does

    def line(self, person_id: str) -> PhoneLine:
        """The person's end of their active call. NotNowError if there is none."""
        person = self.person(person_id)
        return self.phone.running(lambda number: self._rings_at(person, number)).line

    async def open_link(self, person_id: str) -> State:
        """Create a link at the marketplace and follow it into the chat."""
        if self._bot["state"] != "ready":
            raise NotNowError("The bot is still starting. Try again in a moment.")
        person = self.person(person_id)
        invitation = await self.marketplace.invite(person.id)
        self.telegram.visitors.open_link(person.telegram_id, invitation.payload)
        return {"code": invitation.code, "url": invitation.url}

    def move_clock(self, by: timedelta) -> None:
        self.clock.forward(by)
        self.events.publish({"type": "clock", **self.time()})

    def set_busy(self, *, busy: bool) -> None:
        self.telegram.flood.set_busy(busy=busy)
        self.events.publish({"type": "busy", "busy": busy})
