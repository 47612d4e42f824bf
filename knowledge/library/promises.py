"""Checks promises: the sentence under which phrasings are listed stands in the article."""

from collections.abc import Iterator

from knowledge.library.document import TO_REVIEW, Document, Finding
from knowledge.library.personalisation import without_tags
from knowledge.library.plain_text import text_blocks

_END = ".!?:;"


def promise_faults(document: Document, *, to_review: bool = True) -> Iterator[Finding]:
    """Phrasings without a sentence that answers them; nothing if they are a plain list.

    `to_review`: also those that wait for a reviewer to name it.
    """
    blocks = [block.text for block in text_blocks(without_tags(document.body))]
    for group in document.groups:
        if group.sentence == TO_REVIEW:
            if to_review:
                message = (
                    f"questions: {len(group.phrasings)} to review: name the sentence for each"
                )
                yield document.finding(group.line, message)
        elif not any(_states(block, group.sentence) for block in blocks):
            message = f"questions: the text has no sentence {group.sentence!r}"
            yield document.finding(group.line, message)


def _states(block: str, sentence: str) -> bool:
    """Whether whole sentences of the block make up this one."""
    start = block.find(sentence)
    while start >= 0:
        ends = sentence[-1] in _END or start + len(sentence) == len(block)
        if ends and block[:start].rstrip()[-1:] in _END:
            return True
        start = block.find(sentence, start + 1)
    return False
