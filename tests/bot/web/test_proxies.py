"""Who calls is what trusted proxies say, and nobody else."""

from collections.abc import Sequence
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.settings import Settings, SettingsError, load_settings
from bot.web.proxies import Proxies, group_of

LOOPBACK = Settings.model_fields["trusted_proxies"].default


def asked(peer: str, *forwarded: str) -> web.Request:
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: {"peername": (peer, 4711)}.get(name)
    headers = CIMultiDict(("X-Forwarded-For", one) for one in forwarded)
    return make_mocked_request("GET", "/", headers=headers, transport=transport)


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9, 127.0.0.2"], "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9:4711"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "[2001:db8::1]:4711"),
        ("127.0.0.1", ["203.0.113.9, nonsense"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", [","], "127.0.0.1"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.7", ["203.0.113.9"], "10.0.0.7"),
        ("203.0.113.9", ["127.0.0.1"], "203.0.113.9"),
    ],
)
def test_the_client_is_the_rightmost_untrusted_address(
    peer: str, forwarded: Sequence[str], caller: str
) -> None:
    assert Proxies(LOOPBACK).caller(asked(peer, *forwarded)) == caller


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:80", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:ffff::]:80", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_addresses_that_one_client_can_choose_among_count_as_one(address: str, group: str) -> None:
    assert group_of(address) == group


def test_a_header_with_too_many_hops_is_ignored() -> None:
    long = ", ".join(["203.0.113.9"] + ["127.0.0.1"] * 5_000)

    assert Proxies(LOOPBACK).caller(asked("127.0.0.1", long)) == "127.0.0.1"


@pytest.mark.parametrize("given", ["10.0.0.0/33", "10.0.0.1/8", "proxy.example"])
def test_an_invalid_network_is_refused_by_the_name_of_its_setting(given: str) -> None:
    with pytest.raises(SettingsError, match="HELPDESK_TRUSTED_PROXIES is wrong"):
        load_settings(_env_file=None, trusted_proxies=given)


def test_a_single_address_is_accepted_as_a_network() -> None:
    settings = load_settings(_env_file=None, trusted_proxies="10.0.0.7, ::1")
    proxies = Proxies(settings.trusted_proxies)

    assert [proxies.trusts(one) for one in ("10.0.0.7", "10.0.0.8", "::1")] == [True, False, True]
