from datetime import timedelta

import phonenumbers
import pytest

from bot.demo.clock import DemoClock
from bot.demo.people import SamplePerson, load_people
from bot.demo.wiring import REGIONS
from tests.support.fakes import START

PEOPLE = {person.id: person for person in load_people()}


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE.keys())
def test_every_sample_person_has_a_callable_number(person: SamplePerson) -> None:
    number = phonenumbers.parse(person.phone)

    assert phonenumbers.is_valid_number(number)
    assert phonenumbers.region_code_for_number(number) in REGIONS


def test_no_two_sample_people_share_a_number_id_or_name() -> None:
    people = PEOPLE.values()

    assert len({each.phone for each in people}) == len(PEOPLE)
    assert len({each.telegram_id for each in people}) == len(PEOPLE)
    assert len({each.username for each in people}) == len(PEOPLE)


def test_snapshots_have_the_marketplaces_format() -> None:
    (snapshot,) = PEOPLE["f-1007"].snapshots(START)

    assert snapshot == {
        "id": "f-1007",
        "as_of": "2026-11-23T11:00:00Z",
        "display_name": "Grace",
        "language": "en",
        "plan": "basic",
        "plan_allowance": None,
        "connects_balance": None,
        "profile": {
            "photo": True,
            "tagline": False,
            "overview": True,
            "hourly_rate": True,
            "skills": True,
            "contact_information": True,
            "email_verified": True,
        },
        "completeness": 64.0,
        "quick_actions": {
            "portfolio": False,
            "skills": True,
            "email_verified": True,
            "id_verified": False,
            "pledge": False,
        },
        "phone": "+12025550178",
        "phone_verified": False,
    }


def test_the_older_snapshot_comes_first() -> None:
    before, now = PEOPLE["f-1006"].snapshots(START)

    assert (before["completeness"], now["completeness"]) == (83.0, 72.0)
    assert before["as_of"] < now["as_of"]


def test_one_sample_person_is_unknown_to_the_marketplace() -> None:
    assert PEOPLE["f-1013"].snapshots(START) == ()


def test_the_demo_clock_moves_only_forward() -> None:
    clock = DemoClock()
    before = clock.now()

    clock.forward(timedelta(hours=24))

    assert timedelta(hours=24) <= clock.now() - before < timedelta(hours=24, minutes=1)
    with pytest.raises(ValueError, match="goes back"):
        clock.forward(timedelta(seconds=-1))
