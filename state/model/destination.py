"""A phone number that may be called, with the keys that rate limits count by."""

from dataclasses import dataclass, field

from state.model.ledger import BlockKey
from state.model.verification import NumberKey

BLOCK_DIGITS = 4
"""Trailing digits in which numbers of one block differ: carriers assign blocks of 10,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A phone number that may be called, with its own key, its block's key and its region."""

    number: str = field(repr=False)
    """E.164."""
    key: NumberKey
    block: BlockKey
    region: str
    """Region code of libphonenumber, such as GB."""
