"""Deliveries to the marketplace: posts events, pulls accounts."""

import json
from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

from bot.gateways.marketplace.webhooks import WebhookSender
from bot.outgoing.results import Delivered, DeliveryResult, TryLater
from bot.presentation.api_schema import iso
from state.model.work import EventKind, OutboxRow, PullAccount, TellMarketplace
from state.policy import Policy
from state.ports import Marketplace
from state.usecases.registry import Records

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketplaceDeliveries:
    """Deliveries to the marketplace: webhook events, and pulls of accounts."""

    records: Records
    policy: Policy
    webhooks: WebhookSender | None
    """None: no webhook receiver is configured."""
    marketplace: Marketplace | None
    """None: accounts can't be pulled."""

    async def deliver(self, row: OutboxRow, task: TellMarketplace | PullAccount) -> DeliveryResult:
        """Post an event, or pull an account."""
        match task:
            case TellMarketplace():
                return await self._tell(row, task)
            case PullAccount():
                return await self._pull(task)
            case _:
                assert_never(task)

    async def _tell(self, row: OutboxRow, task: TellMarketplace) -> DeliveryResult:
        if self.webhooks is None:
            return Delivered()
        event = {
            "type": task.event,
            "timestamp": iso(row.due_at),
            "data": {"id": task.freelancer_id, **await self._details(row, task)},
        }
        refusal = await self.webhooks.post(message_id(row), json.dumps(event).encode())
        if refusal is None:
            return Delivered()
        return TryLater(f"{task.event}: {refusal.reason}", refusal.after)

    async def _details(self, row: OutboxRow, task: TellMarketplace) -> dict[str, Any]:
        match EventKind(task.event):
            case EventKind.LINKED | EventKind.UNLINKED:
                return {}
            case EventKind.PHONE_VERIFIED:
                return {"phone": await self._verified_number(row, task)}
            case EventKind.STEP_COMPLETED:
                step = self.policy.step(task.step) if task.step else None
                return {"step": task.step, "connects": step.connects if step else 0}
            case _:
                assert_never(task.event)

    async def _verified_number(self, row: OutboxRow, task: TellMarketplace) -> str | None:
        """The number verified by this event; None if it was erased or verified again since."""
        numbers = await self.records.read(lambda unit: unit.numbers.all(task.freelancer_id))
        return next((one.number for one in numbers if one.verified_at == row.due_at), None)

    async def _pull(self, task: PullAccount) -> DeliveryResult:
        if self.marketplace is None:
            return Delivered()
        found = await self.marketplace.read(task.freelancer_id)
        await self.records.use(lambda use: use.take_pulled(task.freelancer_id, found))
        return Delivered()


def message_id(row: OutboxRow) -> str:
    """Webhook message id of a row: equal for every try, unique per event."""
    return "msg_" + row.key.removeprefix("event:")[:32]
