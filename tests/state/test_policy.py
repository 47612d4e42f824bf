"""A policy is read whole, or refused with the key that is wrong; code knows no marketplace."""

from datetime import timedelta
from importlib import resources

import pytest

from state.model.account import ItemId, PlanId, StepId
from state.policy import BadPolicyError, ItemsStep, MeterStep, PhoneStep, Plan, parse, shipped

SHIPPED = resources.files("state").joinpath("policy.toml").read_text("utf-8")

ANOTHER_MARKETPLACE = """
allowance = 50
stale_after_hours = 6

[[plans]]
id = "free"
name = "Free"
paid = false

[[steps]]
id = "shop_window"
kind = "items"
name = "Shop window"
connects = 30
needed_when_paid = true
url = "https://market.example/me"

[[steps.items]]
id = "banner"
name = "banner"

[[steps]]
id = "score"
kind = "meter"
name = "Score"
connects = 20
needed_when_paid = false
threshold = 62.5

[verification]
attempts = 5
lock_hours = 12
code_digits = 6
code_lifetime_minutes = 5
misheard_limit = 0
place_timeout_seconds = 60
hang_up_grace_seconds = 0
call_pause_seconds = 30
calls_per_number = 2
calls_per_freelancer = 2
calls_per_block = 5
calls_per_region = 8
calls_per_desk = 10
provider_pause_minutes = 5
contact_verifies = true

[support]
name = "Market help"
url = "https://market.example/help"
"""


def test_the_shipped_policy_matches_the_help_centre() -> None:
    policy = shipped()

    basic, meter, phone = policy.steps
    assert policy.allowance == 40
    assert [step.connects for step in policy.steps] == [10, 10, 10]
    assert isinstance(basic, ItemsStep)
    assert len(basic.items) == 7
    assert isinstance(meter, MeterStep)
    assert (meter.threshold, len(meter.quick_ways)) == (80, 5)
    assert isinstance(phone, PhoneStep)
    assert (policy.verification.attempts, policy.verification.lock) == (3, timedelta(hours=24))


def test_the_undocumented_part_of_the_allowance_is_computed() -> None:
    assert shipped().undocumented == 10
    assert parse(ANOTHER_MARKETPLACE).undocumented == 0


def test_another_marketplace_needs_only_another_file() -> None:
    policy = parse(ANOTHER_MARKETPLACE)

    window, score = policy.steps
    assert policy.plan(PlanId("free")) == Plan(id=PlanId("free"), name="Free", paid=False)
    assert policy.step(StepId("score")) == score
    assert isinstance(window, ItemsStep)
    assert window.items[0].id == ItemId("banner")
    assert window.url == "https://market.example/me"
    assert isinstance(score, MeterStep)
    assert (score.threshold, score.quick_ways) == (62.5, ())


def test_an_unlisted_plan_or_step_is_none() -> None:
    assert shipped().plan(PlanId("gold")) is None
    assert shipped().step(StepId("fly")) is None


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        ("allowance = 40", "", "`allowance` is missing."),
        (
            "allowance = 40",
            'allowance = "40"',
            "`allowance` must be a whole number, 0 to 1000000.",
        ),
        (
            "allowance = 40",
            "allowance = true",
            "`allowance` must be a whole number, 0 to 1000000.",
        ),
        ("allowance = 40", "allowance = 29", "steps together give more Connects than `allowance`"),
        ("allowance = 40", "alowance = 40", "`allowance` is missing."),
        ("allowance = 40", "allowance = 40\nbonus = 1", "`bonus` is not a known key."),
        ("allowance = 40", "allowance = = 40", "The policy is not TOML"),
        ("paid = true", 'paid = "yes"', "`plans[2].paid` must be true or false."),
        ('id = "individual"', 'id = "basic"', "`plans[2].id` repeats “basic”."),
        ('id = "individual"', "", "`plans[2].id` is missing."),
        ('name = "Individual"', "name = 7", "`plans[2].name` must be a text."),
        ('kind = "phone"', 'kind = "fax"', "`steps[3].kind` must be items, meter or phone."),
        ('kind = "phone"', "", "`steps[3].kind` is missing."),
        ("threshold = 80", "threshold = 101", "`steps[2].threshold` must be a percentage"),
        ("threshold = 80", "", "`steps[2].threshold` is missing."),
        ('id = "tagline"', 'id = "photo"', "`steps[1].items[2].id` repeats “photo”."),
        ('name = "tagline"', "", "`steps[1].items[2].name` is missing."),
        ("attempts = 3", "attempts = 0", "`verification.attempts` must be a whole number, 1 to"),
        ("code_digits = 6", "code_digits = 9", "`verification.code_digits` must be a whole"),
        ("lock_hours = 24", "lock = 24", "`verification.lock_hours` is missing."),
        (
            "misheard_limit = 2",
            "misheard_limit = 2\nx = 1",
            "`verification.x` is not a known key.",
        ),
        ("[verification]", "[verify]", "`verification` is missing."),
    ],
)
def test_an_invalid_policy_is_refused_with_one_sentence(
    line: str, instead: str, sentence: str
) -> None:
    assert line in SHIPPED

    with pytest.raises(BadPolicyError) as refused:
        parse(SHIPPED.replace(line, instead, 1))

    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("allowance = 1\nstale_after_hours = 1", "`plans` is missing."),
        ("allowance = 1\nstale_after_hours = 1\nplans = []", "`plans` must be a list of tables."),
        ("allowance = 1\nstale_after_hours = 1\nplans = 3", "`plans` must be a list of tables."),
        ("allowance = 1\nstale_after_hours = 1\nplans = [3]", "`plans[1]` must be a table."),
        (
            ANOTHER_MARKETPLACE.split("[verification]", maxsplit=1)[0].replace(
                "allowance", "verification = 1\nallowance", 1
            ),
            "`verification` must be a table.",
        ),
    ],
)
def test_a_policy_of_the_wrong_shape_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadPolicyError) as refused:
        parse(text)

    assert str(refused.value) == sentence
