"""Carries talks over: between a freelancer's chat and its topic in the staff group."""

from dataclasses import dataclass
from typing import assert_never

from bot.outcomes import Delivered, Outcome
from bot.to_caller import Send, ToCaller
from bot.to_group import ToGroup
from state.model.talk_work import (
    CarryDeletion,
    CarryEdit,
    CarryToCaller,
    CarryToGroup,
    CloseTopic,
    DropTopic,
    ShowPacket,
    Side,
    TalkTask,
    TellCaller,
    TellGroup,
)
from state.model.work import OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    to_caller: ToCaller
    to_group: ToGroup | None
    """None: there is no group, and a browser shows all of it."""

    async def carry(self, row: OutboxRow, task: TalkTask, send: Send) -> Outcome:
        match task:
            case TellCaller() | CarryToCaller() | CarryDeletion():
                return await self.to_caller.carry(task, send)
            case CarryEdit() if task.to == Side.CALLER:
                return await self.to_caller.carry(task, send)
            case (
                ShowPacket()
                | TellGroup()
                | CarryToGroup()
                | CarryEdit()
                | CloseTopic()
                | DropTopic()
            ):
                return await self.to_group.carry(row, task) if self.to_group else Delivered()
            case _:
                assert_never(task)
