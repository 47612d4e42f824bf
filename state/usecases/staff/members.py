"""Members of staff: those in the settings, and those added by an admin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from state.model.staff import Role, Staff, StaffId
from state.ports import AuditEvent, Clock, ReadUnit, UnitOfWork

Roster: TypeAlias = Mapping[StaffId, Role]
"""Staff from the settings, which take precedence over those added by an admin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseStaff:
    """Identify a member of staff by Telegram id; None if they are not on the list."""

    unit: UnitOfWork
    roster: Roster

    async def __call__(self, staff_id: StaffId, name: str | None = None) -> Staff | None:
        """Also stores the name, if given, for display in tickets."""
        held = await self.unit.staff.get(staff_id)
        role = self.roster.get(staff_id)
        if role is None:
            if held is None or held.gone_at is not None or held.added_at is None:
                return None
            role = held.role
        known = held or Staff(id=staff_id, role=role)
        staff = replace(known, role=role, name=name or known.name)
        if staff != held:
            await self.unit.staff.put(staff)
        return staff


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStaff:
    """All current members of staff."""

    unit: ReadUnit
    roster: Roster

    async def __call__(self) -> Sequence[Staff]:
        held = {one.id: one for one in await self.unit.staff.all()}
        named = [
            replace(held.get(staff_id) or Staff(id=staff_id, role=role), role=role)
            for staff_id, role in self.roster.items()
        ]
        added = [
            one
            for one in held.values()
            if one.id not in self.roster and one.added_at is not None and one.gone_at is None
        ]
        return sorted([*named, *added], key=lambda one: one.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStaff:
    """Add a member or change their role; the settings take precedence over it."""

    unit: UnitOfWork
    clock: Clock

    async def __call__(self, staff_id: StaffId, role: Role, *, name: str, actor: str) -> Staff:
        now = self.clock.now()
        held = await self.unit.staff.get(staff_id)
        known = name or ("" if held is None else held.name)
        staff = Staff(id=staff_id, role=role, name=known, added_at=now)
        await self.unit.staff.put(staff)
        await self.unit.audit.add(
            AuditEvent(
                at=now, kind="staff.added", subject=f"staff:{staff_id}", actor=actor, detail=role
            )
        )
        return staff


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveStaff:
    unit: UnitOfWork
    clock: Clock

    async def __call__(self, staff_id: StaffId, *, actor: str) -> bool:
        """Remove a member; False if not on the list. Staff from the settings can't be removed."""
        held = await self.unit.staff.get(staff_id)
        if held is None or held.added_at is None or held.gone_at is not None:
            return False
        now = self.clock.now()
        await self.unit.staff.put(replace(held, gone_at=now))
        await self.unit.audit.add(
            AuditEvent(at=now, kind="staff.removed", subject=f"staff:{staff_id}", actor=actor)
        )
        return True
