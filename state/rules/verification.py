"""The machine of phone verification: (verification, event, now) to verification and prompt.

Events that make no sense where they arrive change nothing. What has ended stays as it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from state.model.account import FreelancerId
from state.model.verification import (
    AskAck,
    AskCode,
    AwaitingAck,
    AwaitingCode,
    CallSession,
    Closing,
    Dialing,
    Ended,
    Ending,
    Farewell,
    LockedOut,
    NumberKey,
    Open,
    Phase,
    Placing,
    Prompt,
    Queued,
    Round,
    SessionId,
    Silence,
    Verification,
    Verified,
    WrongCode,
)
from state.policy import VerificationPolicy
from state.rules.call_events import CallEvent
