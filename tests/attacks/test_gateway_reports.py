"""Reports on messages with codes: nobody can forge one, and none goes back."""

import pytest

from bot.gateways.telegram_gateway.reports import report_signature
from state.model.channel import AwaitingTyped, Reached
from state.model.verification import Ended, Ending
from tests.attacks.records import audited, sent, session_of
from tests.support.chat import Conversation, Scene
from tests.support.gateway import TOKEN, Gateway, a_report, post_report


async def report(
    scene: Scene, gateway: Gateway, path: str, status: str, updated_at: int = 1
) -> int:
    body = gateway.report(status, updated_at)
    answer = await post_report(scene.door, path, body, at=scene.clock.now().timestamp())
    await scene.settle()
    return answer.status


@pytest.mark.attack("T26")
@pytest.mark.parametrize(
    ("late", "status"),
    [(301, 403), (-301, 403), (300, 200), (-300, 200)],
    ids=["301 s old", "301 s ahead", "300 s old", "300 s ahead"],
)
async def test_a_report_is_accepted_for_five_minutes(
    scene: Scene, ada: Conversation, gateway: Gateway, late: int, status: int
) -> None:
    path = await sent(ada, gateway)
    body = gateway.report("delivered", 1)

    answer = await post_report(scene.door, path, body, at=scene.clock.now().timestamp() - late)

    reached = Reached.DELIVERED if status == 200 else Reached.SENT
    assert answer.status == status
    assert (await session_of(scene)).phase == AwaitingTyped(reached)


@pytest.mark.attack("T26")
@pytest.mark.parametrize("how", ["another body", "no signature", "not ASCII", "no time"])
async def test_a_signature_is_valid_only_for_the_exact_bytes(
    scene: Scene, ada: Conversation, gateway: Gateway, how: str
) -> None:
    path = await sent(ada, gateway)
    body = gateway.report("read", 1)
    stamp = str(int(scene.clock.now().timestamp()))
    signature = report_signature(TOKEN, stamp, body)
    given = {"no signature": "", "not ASCII": "ä" * 64}.get(how, signature)
    headers = {"X-Request-Timestamp": "" if how == "no time" else stamp}
    posted = body.replace(b":", b": ") if how == "another body" else body

    answer = await scene.door.post(
        path, data=posted, headers={**headers, "X-Request-Signature": given}
    )

    assert answer.status == 403
    assert (await session_of(scene)).phase == AwaitingTyped(Reached.SENT)


@pytest.mark.attack("T26")
def test_the_signature_matches_the_published_example() -> None:
    body = (
        b'{"request_id":"1234567890","phone_number":"+391234567890","request_cost":0.01,'
        b'"delivery_status":{"status":"delivered","updated_at":1760000000},"payload":"att_01"}'
    )

    signature = report_signature(TOKEN, "1760000005", body)

    assert signature == "b70097d8dfb7da91f3b034a6b33026e9e6f93fb1a9ddc8c1a2c170557514d693"


@pytest.mark.attack("T27")
async def test_a_report_received_eleven_times_has_one_effect(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    path = await sent(ada, gateway)

    statuses = {await report(scene, gateway, path, "delivered") for _ in range(11)}

    assert statuses == {200}
    assert await audited(scene, "call.delivered") == 1
    assert "It has arrived." in ada.text


@pytest.mark.attack("T27")
async def test_out_of_order_reports_never_undo_progress(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    path = await sent(ada, gateway)

    await report(scene, gateway, path, "read", 3)
    await report(scene, gateway, path, "delivered", 2)
    await report(scene, gateway, path, "sent", 1)
    await report(scene, gateway, path, "expired", 4)

    assert (await session_of(scene)).phase == AwaitingTyped(Reached.READ)


@pytest.mark.attack("T27")
async def test_a_message_that_expired_unread_stays_over_whatever_is_reported_later(
    scene: Scene, ada: Conversation, gateway: Gateway
) -> None:
    path = await sent(ada, gateway)

    await report(scene, gateway, path, "expired", 4)
    over = (await session_of(scene)).phase
    await report(scene, gateway, path, "delivered", 5)

    assert over == Ended(Ending.NOT_DELIVERED, scene.clock.now())
    assert (await session_of(scene)).phase == over
    assert "I could not reach a Telegram account" in ada.text


@pytest.mark.attack("T27")
@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"no JSON", b'{"request_id":"1","delivery_status":{"status":"teleported"}}'],
)
async def test_a_signed_but_unknown_report_is_acknowledged_and_changes_nothing(
    scene: Scene, ada: Conversation, gateway: Gateway, body: bytes
) -> None:
    path = await sent(ada, gateway)

    answer = await post_report(scene.door, path, body, at=scene.clock.now().timestamp())

    assert answer.status == 200
    assert (await session_of(scene)).phase == AwaitingTyped(Reached.SENT)


@pytest.mark.parametrize("status", ["delivered", "teleported"])
async def test_a_report_about_another_message_changes_nothing(
    scene: Scene, ada: Conversation, gateway: Gateway, status: str
) -> None:
    path = await sent(ada, gateway)
    at = scene.clock.now().timestamp()

    mine = gateway.sent[gateway.request_id]["payload"]
    other = a_report("77", status, 1, payload=mine)
    nobodys = a_report(gateway.request_id, status, 1, payload="0" * 32)

    statuses = [
        (await post_report(scene.door, path, body, at=at)).status for body in (other, nobodys)
    ]

    assert statuses == [200, 200]
    assert (await session_of(scene)).phase == AwaitingTyped(Reached.SENT)
