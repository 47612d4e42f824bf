"""PostgreSQL addresses: one reading of the URL, for the driver and for PostgreSQL's own programs.

Options are those of libpq, as managed databases write them: each is translated for the driver, or
refused by name.
"""

import getpass
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from sqlalchemy.engine import URL

from state.store.sql.errors import BadUrlError

V = TypeVar("V")

DEFAULT_PORT: Final = 5432
DEFAULT_HOSTS: Final = ("/run/postgresql", "/var/run/postgresql", "/tmp", "localhost")  # noqa: S108 - where servers put their sockets
"""Hosts tried in this order if neither the URL nor PGHOST names one."""
_FROM_URL: Final = {"host", "port", "user", "username", "password", "dbname", "database"}
_LIBPQ: Final = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "passfile": "PGPASSFILE",
    "krbsrvname": "PGKRBSRVNAME",
    "gsslib": "PGGSSLIB",
}
"""Options that driver and libpq share, with the environment variables that stand for them."""
_SSL_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SSL: Final = {"true": "require", "1": "require", "false": "disable", "0": "disable"}
_SWITCH: Final = {"true": True, "1": True, "false": False, "0": False}
_NOT_CACHED: Final[Mapping[str, object]] = {
    "statement_cache_size": 0,
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": lambda: "",
}
"""A pooler in transaction mode changes the server process between transactions, which knows no
statement that was prepared elsewhere: only unnamed ones are used, and parsed each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresAddress:
    """Where a PostgreSQL database is, and how to connect to it."""

    url: URL
    """For SQLAlchemy; without options, but for several hosts."""
    arguments: Mapping[str, object]
    """Further arguments of asyncpg's `connect`."""
    environment: Mapping[str, str]
    """Environment variables for pg_dump and pg_restore; they hold the password."""
    pooled: bool
    """Whether a pooler in transaction mode stands in front of the server."""

    @property
    def database(self) -> str:
        return self.environment["PGDATABASE"]


def postgres_address(url: URL) -> PostgresAddress:
    """Read a `postgresql+asyncpg` URL; BadUrlError names an option that can't be used.

    What the URL leaves out comes from libpq's environment variables, as the driver reads them too.
    """
    options = {name: _joined(value) for name, value in url.query.items()}
    hosts, ports = _places(url, options)
    user = options.get("user") or options.get("username") or url.username or _env("PGUSER")
    password = options.get("password") or url.password or _env("PGPASSWORD") or None
    user = user or getpass.getuser()
    database = options.get("dbname") or options.get("database") or url.database
    database = database or _env("PGDATABASE") or user
    reader = _Options({name: one for name, one in options.items() if name not in _FROM_URL})
    if len(hosts) > 1 and not _is_default(hosts):
        reader.shared.setdefault("target_session_attrs", "read-write")
    arguments = reader.arguments()
    if _is_default(hosts):
        arguments |= {"host": list(hosts), "port": list(ports)}
    bare = url.set(username=user, password=password, database=database, query={})
    return PostgresAddress(
        url=bare if _is_default(hosts) else _located(bare, hosts, ports),
        arguments=arguments,
        environment={
            **_inherited(),
            **reader.environment(),
            "PGHOST": ",".join(hosts),
            "PGPORT": ",".join(map(str, ports)),
            "PGUSER": user,
            "PGDATABASE": database,
            **({"PGPASSWORD": str(password)} if password else {}),
        },
        pooled=reader.pooled,
    )


class _Options:
    """The options of a URL that are not part of its place; BadUrlError for unusable ones."""

    def __init__(self, given: Mapping[str, str]) -> None:
        rest = dict(given)
        if (ssl := rest.pop("ssl", None)) is not None:
            rest["sslmode"] = _SSL.get(ssl.lower(), ssl)
        self.shared = {name: rest.pop(name) for name in _LIBPQ if name in rest}
        if (mode := self.shared.get("sslmode", "prefer")) not in _SSL_MODES:
            raise BadUrlError(f"sslmode={mode} is none of {', '.join(_SSL_MODES)}")
        self.options = rest.pop("options", None)
        self.timeout = _value(rest, "connect_timeout", float) or _value(rest, "timeout", float)
        self.command_timeout = _value(rest, "command_timeout", float)
        caches = ("statement_cache_size", "prepared_statement_cache_size")
        self.caches = {name: _value(rest, name, int) for name in caches if name in rest}
        pooled = _value(rest, "pgbouncer", lambda value: _SWITCH[value.lower()])
        self.pooled = bool(pooled) or 0 in self.caches.values()
        self.binding = rest.pop("channel_binding", None)
        if self.binding not in {None, "disable", "prefer"}:
            raise BadUrlError(
                f"channel_binding={self.binding} is not possible with this driver: remove it; "
                "sslmode=verify-full makes sure of the server too"
            )
        if rest:
            raise BadUrlError(f"the option {min(rest)} is not supported: remove it")

    def arguments(self) -> dict[str, Any]:
        """Arguments of asyncpg's `connect`."""
        query = {name: value for name, value in self.shared.items() if value != "system"}
        found: dict[str, Any] = {"dsn": f"postgresql:///?{urlencode(query)}"} if query else {}
        if self.shared.get("sslrootcert") == "system":
            found["ssl"] = True
        if self.options is not None:
            found["server_settings"] = {"options": self.options}
        if self.timeout is not None:
            found["timeout"] = self.timeout
        if self.command_timeout is not None:
            found["command_timeout"] = self.command_timeout
        return {**found, **(_NOT_CACHED if self.pooled else self.caches)}

    def environment(self) -> dict[str, str]:
        """Environment variables of libpq."""
        found = {_LIBPQ[name]: value for name, value in self.shared.items()}
        if self.options is not None:
            found["PGOPTIONS"] = self.options
        if self.timeout is not None:
            found["PGCONNECT_TIMEOUT"] = str(max(2, round(self.timeout)))
        if self.binding is not None:
            found["PGCHANNELBINDING"] = self.binding
        return found


def _value(options: dict[str, str], name: str, read: Callable[[str], V]) -> V | None:
    """Take an option out and convert it."""
    value = options.pop(name, None)
    if value is None:
        return None
    try:
        return read(value)
    except (KeyError, ValueError):
        raise BadUrlError(f"{name}={value} can't be read: remove it") from None


def _joined(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _places(url: URL, options: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Hosts, or folders of sockets, and the port of each."""
    named = options.get("host") or url.host or _env("PGHOST")
    hosts = [_split(one) for one in named.split(",")] if named else []
    spare = options.get("port") or str(url.port or "") or _env("PGPORT") or str(DEFAULT_PORT)
    places = hosts or [(host, None) for host in DEFAULT_HOSTS]
    spares = spare.split(",") if "," in spare else [spare] * len(places)
    if len(spares) != len(places):
        raise BadUrlError("it names other numbers of hosts and of ports")
    try:
        ports = tuple(int(own or other) for (_, own), other in zip(places, spares, strict=True))
    except ValueError:
        raise BadUrlError("its port is no number") from None
    return tuple(host for host, _ in places), ports


def _split(place: str) -> tuple[str, str | None]:
    """Host and port of `host:port`; an IPv6 address with a port is in brackets."""
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        return host, port.removeprefix(":") or None
    if place.count(":") == 1:
        host, _, port = place.partition(":")
        return host, port or None
    return place, None


def _is_default(hosts: tuple[str, ...]) -> bool:
    return hosts == DEFAULT_HOSTS


def _located(url: URL, hosts: tuple[str, ...], ports: tuple[int, ...]) -> URL:
    if len(hosts) == 1:
        return url.set(host=hosts[0], port=ports[0])
    pairs = tuple(f"{host}:{port}" for host, port in zip(hosts, ports, strict=True))
    return url.set(host="", port=None, query={"host": pairs})


def _env(name: str) -> str:
    return os.environ.get(name, "")


def _inherited() -> dict[str, str]:
    """Variables that the driver reads as libpq does, and HOME, where both look for files."""
    return {name: os.environ[name] for name in (*_LIBPQ.values(), "HOME") if name in os.environ}
