"""From the text of a policy to its values; code knows no marketplace by name."""

import tomllib
from datetime import timedelta
from importlib import resources
from typing import Any

from state.model.account import ItemId, PlanId, StepId
from state.policy.table import BadPolicyError, Table
from state.policy.values import (
    Item,
    ItemsStep,
    MeterStep,
    PhoneStep,
    Plan,
    Policy,
    Step,
    Support,
    VerificationPolicy,
)

ASKS_PER_FREELANCER = 15
"""Where a policy from before this rule does not say."""
NUMBER_REUSE_DAYS = 90


def shipped() -> Policy:
    return parse(resources.files("state").joinpath("policy.toml").read_text("utf-8"))


def parse(text: str) -> Policy:
    """Read a policy; BadPolicyError if a key is missing, unknown, doubled or of a wrong kind."""
    try:
        table = Table("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadPolicyError(f"The policy is not TOML: {error}.") from error
    except RecursionError:
        raise BadPolicyError("The policy is nested too deeply.") from None
    policy = Policy(
        allowance=table.whole("allowance"),
        stale_after=timedelta(hours=table.whole("stale_after_hours")),
        plans=table.each("plans", _plan),
        steps=table.each("steps", _step),
        verification=_verification(table.inner("verification")),
        support=_support(table.inner("support")),
    )
    table.close()
    if policy.undocumented < 0:
        raise BadPolicyError("The steps together give more Connects than `allowance`.")
    return policy


def _plan(table: Table) -> Plan:
    return Plan(id=PlanId(table.text("id")), name=table.text("name"), paid=table.flag("paid"))


def _item(table: Table) -> Item:
    return Item(
        id=ItemId(table.text("id")),
        name=table.text("name"),
        path=table.text("path", ""),
        url=table.text("url", ""),
    )


def _step(table: Table) -> Step:
    shared: dict[str, Any] = {
        "id": StepId(table.text("id")),
        "name": table.text("name"),
        "connects": table.whole("connects"),
        "needed_when_paid": table.flag("needed_when_paid"),
        "path": table.text("path", ""),
        "url": table.text("url", ""),
        "article": table.text("article", ""),
    }
    kind = table.text("kind")
    match kind:
        case "items":
            return ItemsStep(**shared, items=table.each("items", _item))
        case "meter":
            ways = table.each("quick_ways", _item, empty=True)
            return MeterStep(**shared, threshold=table.percent("threshold"), quick_ways=ways)
        case "phone":
            return PhoneStep(**shared)
        case _:
            raise BadPolicyError(f"`{table.name('kind')}` must be items, meter or phone.")


def _support(table: Table) -> Support:
    support = Support(name=table.text("name"), url=table.text("url"))
    table.close()
    return support


def _verification(table: Table) -> VerificationPolicy:
    rules = VerificationPolicy(
        attempts=table.whole("attempts", 1),
        lock=timedelta(hours=table.whole("lock_hours", 1)),
        code_digits=table.whole("code_digits", 4, 8),
        code_lifetime=timedelta(minutes=table.whole("code_lifetime_minutes", 1)),
        misheard_limit=table.whole("misheard_limit"),
        place_timeout=timedelta(seconds=table.whole("place_timeout_seconds", 1)),
        hang_up_grace=timedelta(seconds=table.whole("hang_up_grace_seconds")),
        call_pause=timedelta(seconds=table.whole("call_pause_seconds")),
        calls_per_number=table.whole("calls_per_number", 1),
        calls_per_freelancer=table.whole("calls_per_freelancer", 1),
        asks_per_freelancer=table.whole("asks_per_freelancer", 1, default=ASKS_PER_FREELANCER),
        calls_per_block=table.whole("calls_per_block", 1),
        calls_per_region=table.whole("calls_per_region", 1),
        calls_per_desk=table.whole("calls_per_desk", 1),
        provider_pause=timedelta(minutes=table.whole("provider_pause_minutes", 1)),
        number_reuse=timedelta(days=table.whole("number_reuse_days", default=NUMBER_REUSE_DAYS)),
        contact_verifies=table.flag("contact_verifies"),
    )
    table.close()
    return rules
