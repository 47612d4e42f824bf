"""Table of test cases for the Connects rules: accounts with their expected progress."""

from state.model.account import Account, PlanId, StepId
from tests.support.builders import a_profile, an_account

BASIC = StepId("basic_profile")
METER = StepId("profile_80")
PHONE = StepId("phone")

FULL = a_profile()
CASES: list[tuple[str, Account, tuple[str, ...], int | None, set[str]]] = [
    ("nothing done", an_account(), (), 0, {BASIC, METER, PHONE}),
    (
        "basic and phone done, meter 72",
        an_account(profile=FULL, completeness=72.0, phone_verified=True),
        (),
        20,
        {METER},
    ),
    (
        "all three done",
        an_account(profile=FULL, completeness=91.0, phone_verified=True),
        (),
        40,
        set(),
    ),
    ("only phone done", an_account(phone_verified=True), (), 10, {BASIC, METER}),
    (
        "80 reached last month, meter 72 now, rest done",
        an_account(profile=FULL, completeness=72.0, phone_verified=True),
        ("profile_80",),
        40,
        set(),
    ),
    ("six of seven items", an_account(profile=a_profile("tagline")), (), 0, {BASIC, METER, PHONE}),
    (
        "premium, email not verified",
        an_account(plan=PlanId("individual"), profile=a_profile("email_verified")),
        (),
        0,
        {BASIC},
    ),
    (
        "premium, basic done",
        an_account(plan=PlanId("individual"), profile=FULL, plan_allowance=60),
        (),
        60,
        set(),
    ),
    (
        "premium, basic done, allowance not said",
        an_account(plan=PlanId("large_company"), profile=FULL),
        (),
        None,
        set(),
    ),
    (
        "downgraded, all done earlier",
        an_account(completeness=50.0, profile=a_profile("photo")),
        ("basic_profile", "profile_80", "phone"),
        40,
        set(),
    ),
    (
        "downgraded, phone never verified",
        an_account(profile=FULL, completeness=85.0),
        ("basic_profile", "profile_80"),
        20,
        {PHONE},
    ),
]
"""Name, account, steps completed earlier, expected Connects, expected steps left."""
