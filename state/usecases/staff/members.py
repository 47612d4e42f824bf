"""Who is staff: those the settings name, and those an admin added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from state.model.staff import Role, Staff, StaffId
from state.ports import AuditEvent, Clock, ReadUnit, UnitOfWork

Roster: TypeAlias = Mapping[StaffId, Role]
"""Whom the settings name; it wins over what was added by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseStaff:
    """Each time one of them does something: who they are now, or None if they are not staff."""

    unit: UnitOfWork
    roster: Roster

    async def __call__(self, staff_id: StaffId, name: str | None = None) -> Staff | None:
        """Keeps the name, if one is given, for the talks they are in."""
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
    """Everybody who may act now."""

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
    """Also gives somebody another role. What the settings say of a person stands above it."""

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
        """False if they weren't on the list. Whom the settings name stays staff by them."""
        held = await self.unit.staff.get(staff_id)
        if held is None or held.added_at is None or held.gone_at is not None:
            return False
        now = self.clock.now()
        await self.unit.staff.put(replace(held, gone_at=now))
        await self.unit.audit.add(
            AuditEvent(at=now, kind="staff.removed", subject=f"staff:{staff_id}", actor=actor)
        )
        return True
