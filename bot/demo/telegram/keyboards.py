"""Validates `reply_markup` as strictly as the real server."""

from typing import Any

from bot.demo.telegram.answer import Json, bad_request

DATA_BYTES = 64
TOAST_CHARACTERS = 200
COPY_CHARACTERS = 256
STYLES = frozenset({"danger", "success", "primary"})
DECORATION = frozenset({"text", "icon_custom_emoji_id", "style"})
INLINE_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    }
)
REPLY_ACTIONS = frozenset(
    {
        "request_users",
        "request_chat",
        "request_managed_bot",
        "request_contact",
        "request_location",
        "request_poll",
        "web_app",
    }
)


def checked(markup: Any) -> Json | None:
    """The markup without empty rows; None if nothing is left to show. ApiError 400 if invalid."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], _inline_button)
        return {**markup, "inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        return {**markup, "keyboard": _rows(markup["keyboard"], _reply_button)}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad_request("can't parse reply markup JSON object")


def is_inline(markup: Json | None) -> bool:
    return markup is not None and "inline_keyboard" in markup


def _rows(rows: Any, button: Any) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the reply markup must be an Array of Arrays')
    checked_rows = [[button(cell) for cell in row] for row in rows]
    return [row for row in checked_rows if row]


def _text_of(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: Expected an Object")
    given = {key: value for key, value in button.items() if value is not None}
    if not str(given.get("text", "")).strip():
        raise bad_request('can\'t parse keyboard button: Field "text" must be non-empty')
    if given.get("style", "primary") not in STYLES:
        raise bad_request("can't parse keyboard button: invalid button style specified")
    return given


def _inline_button(button: Any) -> Json:
    given = _text_of(button)
    _only_known(given, INLINE_ACTIONS)
    actions = given.keys() & INLINE_ACTIONS
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is allowed")
    if "callback_data" in given and not 1 <= len(given["callback_data"].encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in given and not given["url"].startswith(("http://", "https://", "tg://")):
        raise bad_request(
            f"inline keyboard button URL '{given['url']}' is invalid: Unsupported URL protocol"
        )
    if "copy_text" in given:
        _copy_text(given["copy_text"])
    return given


def _copy_text(value: Any) -> None:
    text = value.get("text", "") if isinstance(value, dict) else ""
    if not 1 <= len(text) <= COPY_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _reply_button(button: Any) -> Json:
    given = _text_of(button)
    _only_known(given, REPLY_ACTIONS)
    return given


def _only_known(button: Json, actions: frozenset[str]) -> None:
    unknown = button.keys() - actions - DECORATION
    if unknown:
        raise bad_request(f'can\'t parse keyboard button: unknown field "{min(unknown)}"')
