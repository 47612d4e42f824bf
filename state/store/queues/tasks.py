"""Serialisation of tasks: a stable name for the kind, and the fields as JSON."""

from dataclasses import fields
from typing import Any, Final

from state.model.work import (
    AlertOperator,
    CarryDeletion,
    CarryEdit,
    CarryToCaller,
    CarryToGroup,
    CheckCall,
    CloseTopic,
    DialNumber,
    DropTopic,
    EraseTraces,
    HangUp,
    Nudge,
    PullAccount,
    RemindUnlocked,
    SendExport,
    SendReply,
    ShowCall,
    ShowPacket,
    ShowProgress,
    SweepOld,
    Task,
    TellCaller,
    TellErased,
    TellGroup,
    TellMarketplace,
    TellOwner,
)

KINDS: Final[dict[str, type[Task]]] = {
    "send_reply": SendReply,
    "show_call": ShowCall,
    "show_progress": ShowProgress,
    "dial_number": DialNumber,
    "hang_up": HangUp,
    "check_call": CheckCall,
    "remind_unlocked": RemindUnlocked,
    "alert_operator": AlertOperator,
    "tell_owner": TellOwner,
    "nudge": Nudge,
    "send_export": SendExport,
    "tell_erased": TellErased,
    "erase_traces": EraseTraces,
    "tell_marketplace": TellMarketplace,
    "pull_account": PullAccount,
    "show_packet": ShowPacket,
    "carry_to_group": CarryToGroup,
    "carry_to_caller": CarryToCaller,
    "carry_edit": CarryEdit,
    "carry_deletion": CarryDeletion,
    "tell_caller": TellCaller,
    "tell_group": TellGroup,
    "close_topic": CloseTopic,
    "drop_topic": DropTopic,
    "sweep_old": SweepOld,
}
_KIND_OF: Final = {task: kind for kind, task in KINDS.items()}


def kind_of(task: Task) -> str:
    """Stored name of a task's kind."""
    return _KIND_OF[type(task)]


def to_payload(task: Task) -> dict[str, Any]:
    return {field.name: getattr(task, field.name) for field in fields(task)}


def to_task(kind: str, payload: dict[str, Any]) -> Task:
    """Restore a task. JSON has no tuples and tasks have no lists, so each list becomes a tuple."""
    restored: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()
    }
    return KINDS[kind](**restored)
