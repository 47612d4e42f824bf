"""Kinds of alarm sent to the operators of the desk."""

from enum import StrEnum


class Alarm(StrEnum):
    """Kinds of alarm, each sent at most once a day per subject."""

    CALLS_OF_DESK = "calls_of_desk"
    CALLS_PER_BLOCK = "calls_per_block"
    CALLS_PER_REGION = "calls_per_region"
    DECLINES = "declines"
    MISCONFIGURED = "misconfigured"
    NOT_SERVED = "not_served"
    CLOCK = "clock"
    UPDATES_ELSEWHERE = "updates_elsewhere"
