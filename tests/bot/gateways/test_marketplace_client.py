"""The marketplace's own service over real HTTP, however it fails."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.gateways.marketplace.client import (
    LARGEST_ANSWER,
    LIMIT,
    RETRY_AFTER,
    PlatformApi,
    ReadTimeouts,
    platform_api,
)
from bot.presentation.api_schema import account_of
from state import policy
from state.model.account import FreelancerId
from state.ports import NotReached, NotThere
from tests.support.builders import a_snapshot
from tests.support.fakes import FakeClock
from tests.support.marketplace import PLANS, TOKEN, Service, api_of, serving
from tests.support.scenes import settings_for

ADA = FreelancerId("f-1001")


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with serving() as service:
        service.accounts["f-1001"] = a_snapshot(1001)
        yield service


@pytest_asyncio.fixture
async def api(service: Service) -> AsyncIterator[PlatformApi]:
    async with api_of(service, FakeClock()) as api:
        yield api


async def test_an_account_is_requested_with_the_token(api: PlatformApi, service: Service) -> None:
    found = await api.read(ADA)

    assert found == account_of(a_snapshot(1001), plans=PLANS)
    assert service.asked == ["/freelancers/f-1001"]


async def test_an_id_with_special_characters_stays_one_path_segment(
    api: PlatformApi, service: Service
) -> None:
    found = await api.read(FreelancerId("../ä?x=1"))

    assert found == NotThere()
    assert service.asked == ["/freelancers/..%2F%C3%A4%3Fx%3D1"]


@pytest.mark.parametrize("status", ["404", "410"])
async def test_a_missing_account_is_no_failure(
    api: PlatformApi, service: Service, status: str
) -> None:
    service.how = status

    assert [await api.read(ADA) for _ in range(LIMIT + 1)] == [NotThere()] * (LIMIT + 1)
    assert len(service.asked) == LIMIT + 1


@pytest.mark.parametrize(
    ("how", "tries", "reason"),
    [
        ("500", 3, "it answered 500"),
        ("503", 3, "it answered 503"),
        ("throttles", 3, "it answered 429"),
        ("hangs", 3, "TimeoutError"),
        ("400", 1, "it answered 400"),
        ("403", 1, "it answered 403"),
        ("moves", 1, "it answered 302"),
        ("{", 1, "no snapshot: not JSON"),
        ("[]", 1, "no snapshot: a snapshot is a JSON object"),
        ('{"id": "f-1001"}', 1, "no snapshot: as_of: field required"),
        ("\xff\xfe", 1, "no snapshot: 'utf-8' codec"),
        (" " * (LARGEST_ANSWER + 1), 1, "an endless answer"),
    ],
)
async def test_temporary_failures_are_retried_and_permanent_ones_are_not(
    api: PlatformApi, service: Service, how: str, tries: int, reason: str
) -> None:
    service.how = how

    found = await api.read(ADA)

    assert isinstance(found, NotReached)
    assert found.reason.startswith(reason)
    assert len(service.asked) == tries


async def test_a_broken_connection_is_a_failure(api: PlatformApi, service: Service) -> None:
    service.how = "breaks off"

    assert await api.read(ADA) == NotReached("ServerDisconnectedError")


async def test_a_temporary_failure_is_hidden_by_a_retry(
    api: PlatformApi, service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    service.how, service.failures = "500", 2

    found = await api.read(ADA)

    assert found == account_of(a_snapshot(1001), plans=PLANS)
    assert len(service.asked) == 3
    assert capfd.readouterr() == ("", "")


async def test_a_wrong_token_is_not_retried(service: Service) -> None:
    async with api_of(service, FakeClock(), token="wrong") as api:
        found = await api.read(ADA)

    assert found == NotReached("it answered 401")
    assert len(service.asked) == 1


async def test_an_account_with_another_id_is_refused(api: PlatformApi, service: Service) -> None:
    service.accounts["f-1001"] = a_snapshot(1002)

    assert await api.read(ADA) == NotReached("the snapshot of somebody else")


async def test_an_unreachable_marketplace_is_a_failure(service: Service) -> None:
    service.url = "http://127.0.0.1:9"
    async with api_of(service, FakeClock()) as api:
        found = await api.read(ADA)

    assert found == NotReached("ClientConnectorError")


async def test_all_tries_together_keep_the_total_time_limit(service: Service) -> None:
    service.how = "hangs"
    hasty = ReadTimeouts(total=0.2, per_try=5)
    async with api_of(service, FakeClock(), patience=hasty) as api:
        found = await api.read(ADA)

    assert found == NotReached("no answer in time")


async def test_a_failing_marketplace_is_not_asked_until_a_trial_request_succeeds(
    service: Service,
) -> None:
    clock = FakeClock()
    service.how = "500"
    async with api_of(service, clock) as api:
        for _ in range(LIMIT):
            await api.read(ADA)
        asked = len(service.asked)
        shut = await api.read(ADA)
        clock.forward(seconds=RETRY_AFTER.total_seconds())
        service.how = "well"
        probe = await api.read(ADA)
        after = await api.read(ADA)

    assert shut == NotReached("not asked, since it has failed time and again")
    assert probe == after == account_of(a_snapshot(1001), plans=PLANS)
    assert len(service.asked) == asked + 2


async def test_the_client_is_built_from_the_settings(service: Service, sqlite_url: str) -> None:
    settings = settings_for(sqlite_url, platform_url=service.url, platform_token=TOKEN)
    async with platform_api(settings, policy.shipped(), FakeClock()) as api:
        found = await api.read(ADA)

    assert found == account_of(a_snapshot(1001), plans=PLANS)
