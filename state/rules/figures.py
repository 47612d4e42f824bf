"""What tickets add up to."""

from collections import Counter
from collections.abc import Sequence

from state.model.figures import Talks
from state.model.ticket import Closed, Ticket


def talks(tickets: Sequence[Ticket]) -> Talks:
    times = [
        one.first_reply_at - one.opened_at for one in tickets if one.first_reply_at is not None
    ]
    return Talks(
        by_reason=Counter(one.reason for one in tickets),
        reopened=sum(one.reopened > 0 for one in tickets),
        answered=len(times),
        waiting=sum(
            one.first_reply_at is None and not isinstance(one.state, Closed) for one in tickets
        ),
        answer_times=tuple(sorted(times)),
    )
