"""`docs/commands.md` is held against the command and the settings themselves."""

import re
from collections.abc import Mapping

import typer
from typer.models import TyperInfo

from bot.__main__ import app
from bot.cli.errors import ExitCode
from bot.settings import PREFIX, Settings
from tests.architecture.source import ROOT

MANUAL = (ROOT / "docs/commands.md").read_text(encoding="utf-8")


def commands(of: typer.Typer, before: str = "") -> set[str]:
    own = {
        f"{before}{one.name or one.callback.__name__}"
        for one in of.registered_commands
        if one.callback
    }
    inner = {
        name
        for group in of.registered_groups
        if group.typer_instance
        for name in commands(group.typer_instance, f"{before}{named(group)}")
    }
    return own | inner


def named(group: TyperInfo) -> str:
    """A group without a name adds its commands to those around it."""
    return f"{group.name} " if isinstance(group.name, str) else ""


def shown(default: object) -> str:
    match default:
        case None | ():
            return ""
        case Mapping() if not default:
            return ""
        case tuple():
            return f"`{','.join(map(str, default))}` "
        case _:
            return f"`{default}` "


def test_the_manual_lists_exactly_the_existing_commands() -> None:
    told = re.findall(r"^\| `helpdesk ([a-z]+(?: [a-z]+)?)\b", MANUAL, flags=re.MULTILINE)

    assert set(told) == commands(app)


def test_every_exit_code_is_in_the_manual() -> None:
    told = re.findall(r"^\| (\d+) \|", MANUAL, flags=re.MULTILINE)

    assert [int(code) for code in told] == list(ExitCode)


def test_the_manual_lists_every_setting_with_its_description() -> None:
    told = [line for line in MANUAL.splitlines() if line.startswith(f"| `{PREFIX}")]

    assert told == [
        f"| `{PREFIX}{name.upper()}` | {field.description} | {shown(field.default)}|"
        for name, field in Settings.model_fields.items()
    ]
