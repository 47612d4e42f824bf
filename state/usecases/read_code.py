"""The code that a call session was ended with, for whoever counts successes."""

from dataclasses import dataclass

from state.model.verification import Ended, Ending, SessionId
from state.policy import Policy
from state.ports import UnitOfWork
from state.rules.codes import Peppers, code_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCode:
    """None unless it was entered: only then it has no secret left to keep."""

    unit: UnitOfWork
    policy: Policy
    peppers: Peppers

    async def __call__(self, session_id: SessionId) -> str | None:
        verification = await self.unit.verifications.of_session(session_id)
        session = None if verification is None else verification.session
        if session is None or not isinstance(session.phase, Ended):
            return None
        if session.phase.how is not Ending.VERIFIED:
            return None
        return code_of(self.peppers, session, digits=self.policy.verification.code_digits)
