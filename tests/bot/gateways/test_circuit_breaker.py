"""A circuit: opens after failures in a row, lets one through now and then, closes by a success."""

from bot.gateways.marketplace.client import LIMIT, RETRY_AFTER, CircuitBreaker
from tests.support.fakes import FakeClock


def opened(clock: FakeClock) -> CircuitBreaker:
    circuit = CircuitBreaker(clock)
    for _ in range(LIMIT):
        circuit.failed()
    return circuit


def test_failures_below_the_limit_leave_it_closed() -> None:
    circuit = CircuitBreaker(FakeClock())

    for _ in range(LIMIT - 1):
        circuit.failed()

    assert circuit.allows_request()


def test_failures_interrupted_by_a_success_leave_it_closed() -> None:
    circuit = CircuitBreaker(FakeClock())

    for _ in range(LIMIT):
        circuit.failed()
        circuit.succeeded()

    assert circuit.allows_request()


def test_failures_in_a_row_open_it() -> None:
    clock = FakeClock()
    circuit = opened(clock)

    clock.forward(seconds=RETRY_AFTER.total_seconds() - 1)

    assert not circuit.allows_request()


def test_after_the_delay_one_trial_request_is_allowed() -> None:
    clock = FakeClock()
    circuit = opened(clock)
    clock.forward(seconds=RETRY_AFTER.total_seconds())

    assert [circuit.allows_request() for _ in range(3)] == [True, False, False]


def test_a_failed_trial_request_opens_it_again() -> None:
    clock = FakeClock()
    circuit = opened(clock)
    clock.forward(seconds=RETRY_AFTER.total_seconds())
    circuit.allows_request()
    clock.forward(seconds=5)
    circuit.failed()
    clock.forward(seconds=RETRY_AFTER.total_seconds() - 1)

    assert not circuit.allows_request()


def test_a_successful_trial_request_closes_it() -> None:
    clock = FakeClock()
    circuit = opened(clock)
    clock.forward(seconds=RETRY_AFTER.total_seconds())
    circuit.allows_request()

    circuit.succeeded()

    assert [circuit.allows_request() for _ in range(3)] == [True] * 3
