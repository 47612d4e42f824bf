import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.settings import Settings
from tests.architecture.source import ROOT

PREFIX = "HELPDESK_"


def shown(root: Path) -> list[tuple[str, str]]:
    """Names and values in `.env.example`, set or only shown in a comment line of their own."""
    text = (root / ".env.example").read_text(encoding="utf-8")
    return re.findall(rf"^(?:# ?)?({PREFIX}[A-Z0-9_]+)=(.*)$", text, flags=re.MULTILINE)


def drift(root: Path, fields: Iterable[str]) -> list[str]:
    wanted = {PREFIX + field.upper() for field in fields}
    names = [name for name, _ in shown(root)]
    return [
        *(f"{name}: not in .env.example" for name in sorted(wanted - set(names))),
        *(f"{name}: not a setting" for name in sorted(set(names) - wanted)),
        *(f"{name}: shown twice" for name in sorted(set(names)) if names.count(name) > 1),
    ]


def as_variable(default: object) -> str:
    match default:
        case None | ():
            return ""
        case Mapping() if not default:
            return ""
        case tuple():
            return ",".join(map(str, default))
        case _:
            return str(default)


def test_the_example_file_lists_every_setting_once() -> None:
    assert drift(ROOT, Settings.model_fields) == []


def test_the_example_file_shows_the_default_values() -> None:
    defaults = {
        PREFIX + name.upper(): as_variable(field.default)
        for name, field in Settings.model_fields.items()
    }

    assert dict(shown(ROOT)) == defaults
