"""A number that may be called, with what the limits count by."""

from dataclasses import dataclass, field

from state.model.ledger import BlockKey
from state.model.verification import NumberKey

BLOCK_DIGITS = 4
"""The last digits that numbers of one block differ in: carriers give out 10,000 at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    number: str = field(repr=False)
    """E.164."""
    key: NumberKey
    block: BlockKey
    region: str
    """libphonenumber's, like GB."""
