"""The marketplace's rules, read from a TOML text; the shipped one is `state/policy.toml`."""

from state.policy.loading import BadPolicyError, parse, shipped
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

__all__ = [
    "BadPolicyError",
    "Item",
    "ItemsStep",
    "MeterStep",
    "PhoneStep",
    "Plan",
    "Policy",
    "Step",
    "Support",
    "VerificationPolicy",
    "parse",
    "shipped",
]
