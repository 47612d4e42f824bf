"""Settings: every kind of wrong value is refused by name, and no secret is shown."""

import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.settings import (
    PREFIX,
    Settings,
    SettingsError,
    check_public_url,
    load_log_settings,
    load_settings,
    require,
    unknown_variables,
)
from tests.architecture.source import ROOT

PEPPER = "0123456789abcdef" * 2
WRONG = {
    "token": ["42", ":x", "x:y", "4 2:x", "42:a b", "42:a/b", "\uff14:x"],
    "telegram_api": ["api.telegram.org", "ftp://x", "https://", "https://u:p@x", "https://x?y"],
    "public_url": ["desk.example", "https://x#y"],
    "events_url": ["x", "https://u:p@x/", "https://x/?a#b"],
    "proxy": ["proxy:3128", "socks5://proxy", "http://proxy/path", "http://"],
    "events_secret": ["x", "whsec_", "whsec_ü", "whsec_abc"],
    "platform_url": ["//x"],
    "twilio_api": ["x"],
    "gateway_api": ["x"],
    "port": ["0", "65536", "x", "80.5"],
    "webhook_secret": ["a b", "ü", "x" * 257],
    "peppers": ["k1", f":{PEPPER}", "k1:abcd", "k1:zz", f"k1:{PEPPER},k1:{PEPPER}"],
    "voice": ["S.M.S.", "a b"],
    "twilio_account_sid": ["AC1", "BC" + PEPPER],
    "twilio_from": ["12025550123", "+0123456789", "+1 202"],
    "call_regions": ["USA", "1", "US;GB"],
    "staff_chat_id": ["x", "1.5"],
    "languages": [",", "english", "EN"],
    "log_level": ["loud"],
    "log_format": ["xml"],
}


@pytest.fixture(autouse=True)
def nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, where no `.env` is found either."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_an_invalid_value_is_refused_by_name_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), value)
    said = Settings.model_fields[name].description

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert str(refused.value) == f"{PREFIX}{name.upper()} is wrong: it should be {said}."


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "1", 1),
        ("staff_chat_id", "-1001234567890", -1001234567890),
        ("telegram_api", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("telegram_api", "http://[::1]:8081/", "http://[::1]:8081"),
        ("host", "[::1]", "::1"),
        ("internal_host", "::1", "::1"),
        ("trusted_proxies", "[::1],fd00::/8", (ip_network("::1/128"), ip_network("fd00::/8"))),
        ("office_zone", "utc", UTC),
        ("call_regions", " us, GB ,", ("US", "GB")),
        ("languages", "en,pt-br", ("en", "pt-br")),
        ("log_level", "debug", "DEBUG"),
        ("brand", "Büro", "Büro"),
        ("policy", "my.toml", Path("my.toml")),
    ],
)
def test_a_valid_value_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), text)

    assert getattr(load_settings(), name) == value


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "webhook_secret",
        "peppers",
        "api_tokens",
        "events_secret",
        "platform_token",
        "twilio_auth_token",
        "gateway_token",
        "login_client_secret",
    ],
)
def test_a_trailing_line_break_is_not_part_of_a_secret(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    secrets = {"token": "42:abc", "peppers": f"k1:{PEPPER}", "events_secret": "whsec_YWJj"}
    monkeypatch.setenv(PREFIX + name.upper(), f" {secrets.get(name, 'secret')}\r\n")
    read = getattr(load_settings(), name)
    [secret] = read if isinstance(read, tuple) else [read]

    assert secret.get_secret_value() == secrets.get(name, "secret")


def test_a_blank_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_TOKEN", "\n")

    assert load_settings().token is None


@pytest.mark.parametrize("name", ["HELPDESK_PORT", "HELPDESK_INTERNAL_PORT"])
def test_a_kubernetes_service_variable_is_recognised(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "tcp://10.0.0.7:8080")

    with pytest.raises(SettingsError, match=f"{name} is wrong: .* enableServiceLinks: false"):
        load_settings()


def test_other_kubernetes_service_variables_are_not_reported_as_misspelt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT_80_TCP_ADDR", "X"):
        monkeypatch.setenv(PREFIX + name, "1")
    monkeypatch.setenv("HELPDESK_WEB_PORT", "tcp://10.0.0.7:80")

    assert unknown_variables() == ["HELPDESK_X"]


@pytest.mark.parametrize(
    ("public_url", "telegram_api", "refused"),
    [
        ("http://desk.example", "https://api.telegram.org", True),
        ("https://desk.example", "https://api.telegram.org", False),
        ("http://desk.example", "http://127.0.0.1:8081", False),
    ],
)
def test_a_public_url_has_to_be_https(public_url: str, telegram_api: str, refused: bool) -> None:
    settings = load_settings(public_url=public_url, telegram_api=telegram_api)
    expected = (
        pytest.raises(SettingsError, match="should begin with https") if refused else nullcontext()
    )

    with expected:
        check_public_url(settings)


def test_time_zones_work_without_a_system_database(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['tzdata'] = None; import bot.app; "
        "from bot.__main__ import main; main(['--version'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONTZPATH": "", "PYTHONPATH": str(ROOT), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("helpdesk ")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_PORT", "")

    assert load_settings().port == 8080


def test_the_environment_overrides_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("\ufeffHELPDESK_BRAND=file\nHELPDESK_PORT=1\n", "utf-8")
    monkeypatch.setenv("HELPDESK_PORT", "2")

    assert (load_settings().brand, load_settings().port) == ("file", 2)


def test_an_env_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"HELPDESK_BRAND=\xff\n")

    with pytest.raises(SettingsError, match=r"^\.env is not a UTF-8 text file\.$"):
        load_settings()


def test_log_settings_load_even_if_other_settings_are_invalid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HELPDESK_TOKEN", "wrong")
    monkeypatch.setenv("HELPDESK_LOG_FORMAT", "json")

    assert load_log_settings().log_format == "json"


def test_peppers_are_read_in_order() -> None:
    keys = load_settings(peppers=f"k2:{PEPPER}, k1:{PEPPER}ff").pepper_keys()

    assert list(keys) == ["k2", "k1"]
    assert keys["k1"] == bytes.fromhex(PEPPER + "ff")


def test_missing_required_settings_are_named() -> None:
    with pytest.raises(SettingsError, match=r"^HELPDESK_API_TOKENS is missing: set it to the tok"):
        require(load_settings(token="42:x"), "token", "api_tokens")


def test_a_misspelt_variable_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("HELPDESK_PROT=1\nHELPDESK_PORT=1\nOTHER=1\n")
    monkeypatch.setenv("HELPDESK_TOKN", "x")

    assert {"HELPDESK_PROT", "HELPDESK_TOKN"} <= set(unknown_variables())
    assert not {"HELPDESK_PORT", "OTHER"} & set(unknown_variables())


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    settings = load_settings(
        token="42:hush",
        webhook_secret="hush",
        peppers=f"hush:{PEPPER}",
        api_tokens="hush",
        events_secret="whsec_hush",
        platform_token="hush",
        twilio_auth_token="hush",
        twilio_auth_token_secondary="hush",
        gateway_token="hush",
    )

    assert "hush" not in f"{settings} {settings!r} {settings.model_dump()}"
