"""Sign-in of staff to the web pages, by single-use link or Telegram Login, and sign-out."""

from dataclasses import dataclass
from datetime import datetime

from state.model.sign_in import SignInLink, StaffSession, Way
from state.model.staff import Staff, StaffId
from state.ports import AuditEvent, Clock, Dice, ReadUnit, UnitOfWork
from state.rules.codes import secret_hash
from state.rules.staff_access import (
    LINK_LIFETIME,
    SEEN_EVERY,
    SignInProblem,
    is_active,
    link_problem,
)
from state.usecases.staff.members import ListStaff, RecogniseStaff, Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOffered:
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NotStaff:
    """Refused: the id is not on the staff list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    staff: Staff
    secret: str
    """Secret of the browser session: a cookie in the browser; only its hash is stored."""


@dataclass(frozen=True, slots=True)
class SignInRefused:
    why: SignInProblem


async def current_member(unit: ReadUnit, roster: Roster, staff_id: StaffId) -> Staff | None:
    """The current member of staff with this id, without recording anything; None: no member."""
    everybody = await ListStaff(unit=unit, roster=roster)()
    return next((one for one in everybody if one.id == staff_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSignIn:
    """Make a sign-in link for a member of staff."""

    unit: UnitOfWork
    clock: Clock
    dice: Dice
    roster: Roster

    async def __call__(self, staff_id: StaffId) -> LinkOffered | NotStaff:
        if await current_member(self.unit, self.roster, staff_id) is None:
            return NotStaff()
        token, expires_at = self.dice.link_token(), self.clock.now() + LINK_LIFETIME
        await self.unit.sign_in_links.add(
            SignInLink(token_hash=secret_hash(token), staff_id=staff_id, expires_at=expires_at)
        )
        return LinkOffered(token=token, expires_at=expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectSignIn:
    """Check a link without using it, as link previews of messengers open it too."""

    unit: ReadUnit
    clock: Clock

    async def __call__(self, token: str) -> SignInProblem | None:
        found = await self.unit.sign_in_links.find(secret_hash(token))
        return link_problem(found, now=self.clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Start a browser session."""

    unit: UnitOfWork
    clock: Clock
    dice: Dice
    roster: Roster

    async def by_link(self, token: str) -> SignedIn | SignInRefused:
        found = await self.unit.sign_in_links.find(secret_hash(token))
        now = self.clock.now()
        problem = link_problem(found, now=now)
        if found is None or problem is not None:
            return SignInRefused(problem or SignInProblem.UNKNOWN)
        await self.unit.sign_in_links.use(found, now)
        return await self._begin(found.staff_id, Way.LINK)

    async def by_telegram(self, staff_id: StaffId, name: str) -> SignedIn | SignInRefused:
        """Sign in by Telegram Login; the caller must have verified its data."""
        return await self._begin(staff_id, Way.TELEGRAM, name)

    async def _begin(
        self, staff_id: StaffId, way: Way, name: str = ""
    ) -> SignedIn | SignInRefused:
        recognise = RecogniseStaff(unit=self.unit, roster=self.roster)
        staff = await recognise(staff_id, name)
        if staff is None:
            return SignInRefused(SignInProblem.NOT_STAFF)
        now, secret = self.clock.now(), self.dice.link_token()
        await self.unit.visits.add(
            StaffSession(
                secret_hash=secret_hash(secret),
                staff_id=staff_id,
                way=way,
                began_at=now,
                seen_at=now,
            )
        )
        await note(self.unit, "staff.signed_in", staff_id, at=now, detail=way.value)
        return SignedIn(staff=staff, secret=secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSession:
    """A valid browser session and its member of staff."""

    staff: Staff
    visit: StaffSession

    def is_due(self, now: datetime) -> bool:
        """Whether the session's activity has to be recorded again."""
        return now - self.visit.seen_at >= SEEN_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSession:
    """The session and its member of staff, read-only; None if it ended or they left."""

    unit: ReadUnit
    clock: Clock
    roster: Roster

    async def __call__(self, secret: str) -> ActiveSession | None:
        visit = await self.unit.visits.get(secret_hash(secret))
        if visit is None or not is_active(visit, now=self.clock.now()):
            return None
        staff = await current_member(self.unit, self.roster, visit.staff_id)
        return None if staff is None else ActiveSession(staff=staff, visit=visit)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """End one browser session, or all of a member of staff."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, visit: StaffSession) -> None:
        now = self.clock.now()
        await self.unit.visits.end(visit.secret_hash, now)
        await note(self.unit, "staff.signed_out", visit.staff_id, at=now)

    async def everywhere(self, staff_id: StaffId, *, by: StaffId) -> None:
        now = self.clock.now()
        await self.unit.visits.end_all(staff_id, now)
        await note(self.unit, "staff.signed_out_everywhere", staff_id, at=now, by=by)


async def note(
    unit: UnitOfWork,
    kind: str,
    staff_id: StaffId,
    *,
    at: datetime,
    detail: str = "",
    by: StaffId | None = None,
) -> None:
    event = AuditEvent(
        at=at,
        kind=kind,
        subject=f"staff:{staff_id}",
        actor=f"staff:{by or staff_id}",
        detail=detail,
    )
    await unit.audit.add(event)
