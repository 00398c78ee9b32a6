"""Tokens: believed as long as they say, and not a moment longer, although a believed one is not checked again."""

import time

import pytest

from shared import principal
from shared.principal import GATEWAY, Principal, Signer, Untrusted, Verifier

CALLER = Principal("org_1", "bureau", "330000", None, "key_1")


@pytest.fixture
def signer() -> Signer:
    return Signer(GATEWAY, b"11" * 32)


@pytest.fixture
def verifier(signer: Signer) -> Verifier:
    return Verifier("matching", {GATEWAY: signer.public_key()})


def test_a_token_is_believed_until_it_expires_and_no_longer(signer, verifier, monkeypatch):
    token, made = signer.token(CALLER, "matching"), time.time()
    assert [verifier.principal(token) for _ in range(2)] == [CALLER, CALLER]
    monkeypatch.setattr(principal.time, "time", lambda: made + principal.LIFETIME_SECONDS - 2)
    assert verifier.principal(token) == CALLER
    monkeypatch.setattr(principal.time, "time", lambda: made + principal.LIFETIME_SECONDS + 1)
    monkeypatch.setattr(principal.jwt, "decode", refuse)
    with pytest.raises(Untrusted):
        verifier.principal(token)


def test_a_believed_token_makes_no_other_believed(signer, verifier):
    token = signer.token(CALLER, "matching")
    verifier.principal(token)
    head, claims, seal = token.split(".")
    other = signer.token(Principal("org_2", "admin"), "matching").split(".")
    forged = (f"{head}.{other[1]}.{seal}", f"{head}.{claims}.{other[2]}", token[:-2], signer.token(CALLER, "catalog"))
    for each in forged:
        with pytest.raises(Untrusted):
            verifier.principal(each)


def test_what_is_remembered_has_a_bound(signer, verifier, monkeypatch):
    monkeypatch.setattr(principal, "_REMEMBERED", 3)
    callers = [Principal(f"org_{number}", "sme") for number in range(10)]
    tokens = [signer.token(caller, "matching") for caller in callers]
    assert [verifier.principal(token) for token in tokens] == callers
    assert len(verifier._believed) <= 3
    assert [verifier.principal(token) for token in tokens] == callers


def refuse(*_: object, **__: object) -> None:
    raise principal.jwt.ExpiredSignatureError
