from pathlib import Path

import pytest

from tests.architecture.source import PRODUCT, ROOT, modules

HOMES = ("bot/gateways/twilio/", "bot/demo/")
"""The two sides of the wire."""
NAMES = ("CallSid", "AccountSid", "SpeechResult", "X-Twilio", "TwiML", "twiml")


def strays(root: Path) -> list[str]:
    return [
        f"{module.path}: {name}"
        for module in modules(root, *PRODUCT)
        if not module.path.startswith(HOMES)
        for name in NAMES
        if name in (root / module.path).read_text(encoding="utf-8")
    ]


def test_wire_names_appear_only_in_gateways_and_web() -> None:
    assert strays(ROOT) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_wire_name_elsewhere_is_detected(tmp_path: Path, name: str) -> None:
    for folder in PRODUCT:
        (tmp_path / folder).mkdir()
    (tmp_path / "bot" / "calls.py").write_text(f'"""Calls."""\n\nASKED = "{name}"\n')

    assert f"bot/calls.py: {name}" in strays(tmp_path)
