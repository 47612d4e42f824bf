"""Gaps: unanswered questions, aggregated into groups that outlive them."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from state.model.question import MissedGroup, Outcome, Question

NOT_HELPFUL = "not helpful"


def is_gap(question: Question) -> bool:
    """Whether a question had no answer, no title was chosen, or the answer did not help."""
    unanswered = question.outcome is Outcome.NOTHING
    unchosen = question.outcome is Outcome.UNSURE and question.slug is None
    return unanswered or unchosen or question.helpful is False


def how_it_failed(question: Question) -> str:
    """The kind of failure, as the list of gaps shows it."""
    if question.helpful is False:
        return (question.fault or NOT_HELPFUL).replace("_", " ")
    return question.outcome.replace("_", " ")


def group_gaps(questions: Iterable[Question]) -> Mapping[str, MissedGroup]:
    """Group gaps by key: questions that differ in case, spaces or punctuation only are one."""
    groups: dict[str, MissedGroup] = {}
    for one in questions:
        if one.words and is_gap(one):
            group = _group_of(one, one.words)
            known = groups.get(group.key)
            groups[group.key] = merge_groups(known, group) if known else group
    return groups


def merge_groups(first: MissedGroup, second: MissedGroup) -> MissedGroup:
    """Add up two groups with the same key; the wording of the first stays."""
    return replace(
        first,
        how=dict(Counter(first.how) + Counter(second.how)),
        first_at=min(first.first_at, second.first_at),
        last_at=max(first.last_at, second.last_at),
    )


def _group_of(question: Question, words: str) -> MissedGroup:
    bare = "".join(each if each.isalnum() else " " for each in words.casefold())
    said = f"{question.language} {' '.join(bare.split()) or words}"
    return MissedGroup(
        key=hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32],
        language=question.language,
        words=words,
        how={how_it_failed(question): 1},
        first_at=question.asked_at,
        last_at=question.asked_at,
    )
