"""What a desk takes from its marketplace: the policy, and templates that state its numbers."""

from bot.presentation.templates import Templating
from bot.settings import Settings, SettingsError
from state import policy as policies
from state.policy import BadPolicyError, Policy


def load_policy(settings: Settings) -> Policy:
    """The operator's policy file, or the shipped one.

    SettingsError if it is unreadable or invalid.
    """
    if settings.policy is None:
        return policies.shipped()
    try:
        return policies.parse(settings.policy.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = f"which can't be read: {error.strerror}."
    except UnicodeDecodeError:
        reason = "which is not a UTF-8 text file."
    except BadPolicyError as error:
        reason = f"which is no policy: {error}"
    raise SettingsError(f"HELPDESK_POLICY names {settings.policy}, {reason}")


def load_templating(settings: Settings, policy: Policy) -> Templating:
    """The message templates with the operator's brand name and languages."""
    return Templating(
        brand=settings.brand,
        code_digits=policy.verification.code_digits,
        languages=settings.languages,
    )
