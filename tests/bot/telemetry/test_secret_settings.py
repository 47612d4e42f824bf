"""Secrets are a kind of their own: whatever shows a setting shows none of them."""

import traceback

import pytest

from bot.settings import SettingsError, load_settings

SECRET = "hush-hush-hush"
WITH_SECRETS = {
    "token": f"42:{SECRET}",
    "peppers": "k:" + "ab" * 16,
    "webhook_secret": SECRET,
    "database_url": f"postgresql+asyncpg://me:{SECRET}@db/desk",
    "api_tokens": f"{SECRET},{SECRET}2",
    "events_secret": "whsec_aHVzaC1odXNo",
    "events_url": f"https://hooks.example/{SECRET}?key={SECRET}",
    "proxy": f"http://me:{SECRET}@proxy:3128",
    "platform_token": SECRET,
    "twilio_auth_token": SECRET,
    "twilio_auth_token_secondary": SECRET,
    "gateway_token": SECRET,
}


def test_printed_settings_show_no_secret() -> None:
    settings = load_settings(_env_file=None, **WITH_SECRETS)

    shown = f"{settings!r} {settings} {settings.peppers} {settings.api_tokens}"

    assert [one for one in (SECRET, "abab", "aHVzaC1odXNo") if one in shown] == []
    assert settings.model_dump_json().count(SECRET) == 1  # the address, which is for the driver


@pytest.mark.parametrize("name", WITH_SECRETS)
def test_a_refusal_of_another_setting_shows_no_secret(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(_env_file=None, **{name: WITH_SECRETS[name]}, port="no port")

    shown = "".join(traceback.format_exception(refused.value))
    assert [one for one in (SECRET, "abab", "aHVzaC1odXNo") if one in shown] == []
