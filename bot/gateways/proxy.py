"""The HTTP proxy that requests to other systems go through, where one is needed."""

from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.settings import Settings, SettingsError


def proxy_for(url: str, settings: Settings) -> str | None:
    """Address of the proxy for requests to this URL; None to connect directly.

    HELPDESK_PROXY, or what the standard variables `http_proxy` and `https_proxy` say. This machine
    and the hosts of `no_proxy` are reached directly. SettingsError for a proxy of another kind.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_here(host) or proxy_bypass(host):
        return None
    if settings.proxy is not None:
        return settings.proxy.get_secret_value()
    found = getproxies().get(parts.scheme)
    if found is None or found.startswith(("http://", "https://")):
        return found
    if "://" in found:
        raise SettingsError(
            f"{parts.scheme}_proxy names a proxy of another kind: set it to one that speaks "
            "HTTP, like http://proxy:3128."
        )
    return f"http://{found}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
