"""How the address of a PostgreSQL database is read, for the driver and for pg_dump."""

import json
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from state.model.chat import Chat, ChatId
from state.ports import UnitOfWork
from state.store.admin.revision import REVISIONS, current_revision
from state.store.database import open_database
from state.store.sql.connections import parsed_url
from state.store.sql.errors import BadUrlError, DatabaseUnreachableError
from state.store.sql.postgres_address import PostgresAddress, postgres_address
from tests.support.databases import fresh_postgres, migrated, opened
from tests.support.pooler import pooled

DRIVER = "postgresql+asyncpg"


def read(rest: str) -> PostgresAddress:
    return postgres_address(parsed_url(f"{DRIVER}://{rest}"))


@pytest.mark.parametrize(
    ("rest", "hosts", "ports"),
    [
        ("me@db/desk", "db", "5432"),
        ("me@db:6432/desk", "db", "6432"),
        ("me@[::1]:6432/desk", "::1", "6432"),
        ("me@/desk?host=db", "db", "5432"),
        ("me@/desk?host=db&port=1", "db", "1"),
        ("me@/desk?host=/run/sockets", "/run/sockets", "5432"),
        ("me@elsewhere/desk?host=db", "db", "5432"),
        ("me@/desk?host=a,b&port=1,2", "a,b", "1,2"),
        ("me@/desk?host=a:1&host=b:2", "a,b", "1,2"),
        ("me@/desk?host=a,b", "a,b", "5432,5432"),
    ],
)
def test_driver_and_command_line_tools_get_the_same_address(
    rest: str, hosts: str, ports: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", "not-this-one")
    address = read(rest)
    place = _driver_place(address)

    assert (address.environment["PGHOST"], address.environment["PGPORT"]) == (hosts, ports)
    assert place == (hosts, ports)


def _driver_place(address: PostgresAddress) -> tuple[str, str]:
    """Hosts and ports that SQLAlchemy passes to the driver."""
    dialect = address.url.get_dialect()()
    _, arguments = dialect.create_connect_args(address.url)
    found: dict[str, Any] = {**arguments, **address.arguments}
    host, port = found["host"], found["port"]
    if isinstance(host, str):
        return host, str(port)
    return ",".join(host), ",".join(map(str, port))


def test_missing_parts_of_the_address_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"HOST": "db", "PORT": "7", "USER": "me", "PASSWORD": "hush"}.items():
        monkeypatch.setenv(f"PG{name}", value)
    monkeypatch.setenv("PGSERVICE", "another")
    address = read("")

    assert _driver_place(address) == ("db", "7")
    assert address.url.password == "hush"
    assert address.environment["PGDATABASE"] == "me"
    assert "PGSERVICE" not in address.environment


def test_without_a_host_driver_and_tools_try_the_same_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    address = read("/desk")

    assert _driver_place(address)[0] == address.environment["PGHOST"]
    assert address.environment["PGHOST"].startswith("/run/postgresql,")


@pytest.mark.parametrize(
    ("query", "arguments", "environment"),
    [
        ("sslmode=require", {"dsn": "postgresql:///?sslmode=require"}, {"PGSSLMODE": "require"}),
        ("ssl=true", {"dsn": "postgresql:///?sslmode=require"}, {"PGSSLMODE": "require"}),
        (
            "sslmode=verify-full&sslrootcert=system",
            {"dsn": "postgresql:///?sslmode=verify-full", "ssl": True},
            {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "system"},
        ),
        ("connect_timeout=10", {"timeout": 10.0}, {"PGCONNECT_TIMEOUT": "10"}),
        (
            "options=-c%20search_path%3Ddesk",
            {"server_settings": {"options": "-c search_path=desk"}},
            {"PGOPTIONS": "-c search_path=desk"},
        ),
        ("channel_binding=prefer", {}, {"PGCHANNELBINDING": "prefer"}),
        ("statement_cache_size=50", {"statement_cache_size": 50}, {}),
        (
            "host=a,b",
            {"dsn": "postgresql:///?target_session_attrs=read-write"},
            {"PGTARGETSESSIONATTRS": "read-write"},
        ),
    ],
)
def test_options_of_libpq_are_translated(
    query: str, arguments: dict[str, object], environment: dict[str, str]
) -> None:
    address = read(f"me@db/desk?{query}")

    assert address.arguments == arguments
    assert address.environment.items() >= environment.items()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("channel_binding=require", "channel_binding=require is not possible"),
        ("sslmode=yes", "sslmode=yes is none of disable, allow"),
        ("pool_size=5", "the option pool_size is not supported"),
        ("application_name=x", "the option application_name is not supported"),
        ("connect_timeout=soon", "connect_timeout=soon can't be read"),
        ("pgbouncer=maybe", "pgbouncer=maybe can't be read"),
        ("host=a,b&port=1,2,3", "other numbers of hosts and of ports"),
        ("port=x", "its port is no number"),
    ],
)
def test_unsupported_options_are_refused_by_name(query: str, said: str) -> None:
    with pytest.raises(BadUrlError, match=said):
        open_database(f"{DRIVER}://me@db/desk?{query}")


@pytest.mark.parametrize(
    "rest", ["me:pa@ss@db/desk", "me:pa@s:s@db/desk", "me:pa@s/s@db/desk", "me:@@db/desk"]
)
def test_an_unescaped_at_sign_in_a_password_is_refused(rest: str) -> None:
    with pytest.raises(BadUrlError, match="as %40") as raised:
        open_database(f"{DRIVER}://{rest}")

    assert "pa" not in str(raised.value).replace("password", "").replace("special", "")


async def test_an_escaped_at_sign_belongs_to_the_password_and_is_not_shown() -> None:
    url = f"{DRIVER}://me:pa%40ss@127.0.0.1:9/desk"
    async with opened(url) as database:
        password = database.connections.engine.url.password
        with pytest.raises(DatabaseUnreachableError) as raised:
            await database.ping()

    assert password == "pa@ss"
    assert "ss@" not in str(raised.value)


async def test_a_server_without_tls_is_refused_if_tls_is_required(postgres_url: str) -> None:
    async with opened(f"{postgres_url}?sslmode=require") as database:
        with pytest.raises(DatabaseUnreachableError, match="SSL"):
            await database.ping()


@pytest.mark.parametrize(
    "query", ["sslmode=prefer", "connect_timeout=5", "options=-c%20statement_timeout%3D7777"]
)
async def test_a_database_is_reachable_with_translated_options(
    postgres_url: str, query: str
) -> None:
    async with opened(f"{postgres_url}?{query}") as database:
        await database.ping()
        async with database.connections.reading() as transaction:
            shown = await transaction.run(text("SHOW statement_timeout"))

    assert shown.scalar_one() == ("7777ms" if "options" in query else "0")


async def test_a_pooler_in_transaction_mode_breaks_prepared_statements(postgres_url: str) -> None:
    async with pooled(postgres_url) as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain)
        try:
            await connection.fetchval("SELECT 1")
            with pytest.raises(asyncpg.InvalidSQLStatementNameError):
                await connection.fetchval("SELECT 1")
        finally:
            connection.terminate()


async def test_the_store_works_behind_a_pooler_in_transaction_mode(postgres_url: str) -> None:
    async def write(unit: UnitOfWork) -> None:
        await unit.chats.save(Chat(id=ChatId(7)))

    async with pooled(postgres_url) as url, opened(f"{url}?pgbouncer=true") as database:
        for _ in range(4):
            await database.transact(write)
        stored = [await database.read(lambda unit: unit.chats.get(ChatId(7))) for _ in range(4)]
        async with database.connections.reading() as transaction:
            value = (await transaction.run(text("SELECT CAST('[1]' AS jsonb)"))).scalar_one()

    assert stored == [Chat(id=ChatId(7))] * 4
    assert value == [1] or json.loads(value) == [1]


async def test_migrations_work_behind_a_pooler_in_transaction_mode() -> None:
    async with fresh_postgres() as url, pooled(url) as behind:
        await migrated(f"{behind}?pgbouncer=true")
        async with opened(url) as database:
            found = await current_revision(database)

    assert found == REVISIONS[-1]


async def test_claims_work_behind_a_pooler_in_transaction_mode(postgres_url: str) -> None:
    async with (
        pooled(postgres_url) as url,
        opened(f"{url}?pgbouncer=true") as one,
        opened(f"{url}?pgbouncer=true") as other,
    ):
        ours = [await one.claims.claim(["a", "b"]) for _ in range(3)]
        theirs = await other.claims.claim(["a", "c"])
        await one.claims.release(["a"])
        later = await other.claims.claim(["a"])
        sharers = await one.claims.process_count()

    assert ours == [{"a", "b"}] * 3
    assert theirs == {"c"}
    assert later == {"a"}
    assert sharers == 2
