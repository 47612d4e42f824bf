"""Codes are derived, bound to their session, and reveal nothing without the pepper."""

# ruff: noqa: RUF001 - characters that look alike are what is tested here

import hashlib

import pytest

from state.rules.codes import (
    Peppers,
    UnknownPepperError,
    code_hash,
    derive_code,
    equal_secrets,
    in_groups,
    number_key,
    secret_hash,
    typed_code,
)

OLD = ("p1", bytes(range(32)))
NEW = ("p2", bytes(range(32, 64)))
SEED = bytes(range(16))
NUMBER = "+447911123456"


def test_a_code_is_the_rfc_4226_truncation_of_hmac_sha_256() -> None:
    peppers = Peppers((OLD,))

    assert derive_code(peppers, "p1", SEED, NUMBER) == "260457"


def test_a_code_keeps_its_leading_zeros() -> None:
    seeds = (number.to_bytes(16, "big") for number in range(200))

    codes = [derive_code(Peppers((OLD,)), "p1", seed, NUMBER) for seed in seeds]

    assert {len(code) for code in codes} == {6}
    assert any(code.startswith("0") for code in codes)


@pytest.mark.attack("T14", "T15")
@pytest.mark.parametrize(
    ("seed", "number", "pepper"),
    [
        (SEED[::-1], NUMBER, "p1"),
        (SEED, "+447911123457", "p1"),
        (SEED, NUMBER, "p2"),
    ],
    ids=["another session", "another number", "another pepper"],
)
def test_a_code_depends_on_seed_number_and_pepper(seed: bytes, number: str, pepper: str) -> None:
    peppers = Peppers((NEW, OLD))

    assert derive_code(peppers, pepper, seed, number) != derive_code(peppers, "p1", SEED, NUMBER)


@pytest.mark.attack("T51")
def test_a_code_is_unchanged_after_a_new_pepper_is_added() -> None:
    before, after = Peppers((OLD,)), Peppers((NEW, OLD))

    assert after.current_id == "p2"
    assert derive_code(after, "p1", SEED, NUMBER) == derive_code(before, "p1", SEED, NUMBER)


def test_a_removed_pepper_is_an_error() -> None:
    with pytest.raises(UnknownPepperError, match="p9"):
        derive_code(Peppers((OLD,)), "p9", SEED, NUMBER)


@pytest.mark.parametrize(
    "keys",
    [(), (OLD, OLD), (("", OLD[1]),), (("p1", b"short"),)],
    ids=["none", "doubled", "no id", "short"],
)
def test_weak_peppers_are_refused(keys: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(ValueError, match="pepper"):
        Peppers(keys)


def test_a_traceback_shows_no_pepper() -> None:
    assert repr(Peppers((OLD,))) == "Peppers()"


def test_the_key_of_a_number_survives_rotation_and_differs_by_number_and_pepper() -> None:
    kept = number_key(Peppers((OLD,)), NUMBER)

    assert number_key(Peppers((NEW, OLD)), NUMBER) == kept
    assert number_key(Peppers((OLD,)), "+447911123457") != kept
    assert number_key(Peppers((NEW,)), NUMBER) != kept
    assert NUMBER.strip("+") not in kept


def test_codes_are_compared_in_full() -> None:
    assert equal_secrets("482913", "482913")
    assert not equal_secrets("482913", "482914")
    assert not equal_secrets("482913", "４８２９１３")


def test_a_code_is_formatted_in_groups() -> None:
    assert [in_groups(code) for code in ("4829", "48291", "482913", "4829130", "48291304")] == [
        "4829",
        "482 91",
        "482 913",
        "482 913 0",
        "4829 1304",
    ]


@pytest.mark.parametrize("text", ["kx7m-2p9q", " KX7M 2P9Q ", "kx7m2p9q", "KX7M–2P9Q"])
def test_a_typed_link_code_is_normalised(text: str) -> None:
    assert typed_code(text) == "KX7M2P9Q"


def test_a_link_token_is_stored_as_a_hash() -> None:
    assert secret_hash("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_a_short_link_code_is_stored_as_a_slow_hash() -> None:
    slow = hashlib.scrypt(b"KX7M2P9Q", salt=b"link code", n=512, r=8, p=1, dklen=32)

    assert code_hash("KX7M2P9Q") == slow.hex()
