"""Accounts, passwords, signing in and out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import session as cookie
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from exhibit import ids
from exhibit.access import Person
from exhibit.db import now
from exhibit.errors import BadInput, TooManyAttempts
from exhibit.people.models import Account, FailedSignIn, SignIn

MIN_PASSWORD = 10
MAX_PASSWORD = 1000
MAX_FAILURES = 5  # from one address
FAILURE_WINDOW = dt.timedelta(minutes=15)

_hasher = PasswordHasher()


def create_account(session: Session, name: str, password: str) -> Account:
    """Raises BadInput for a password that is too short and for a name that is taken."""
    if session.scalar(select(Account).where(Account.name == name)):
        raise BadInput("name_taken", name=name)
    account = Account(name=name, password_hash=_hash(password))
    session.add(account)
    session.flush()
    return account


def names(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """The names of these accounts, as far as they still are."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}


def set_password(session: Session, name: str, password: str) -> None:
    """Give `name` another password and sign them out everywhere. Raises BadInput."""
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        raise BadInput("no_account", name=name)
    account.password_hash = _hash(password)
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def sign_in(session: Session, name: str, password: str, address: str, hours: int) -> Person | None:
    """Check name and password and sign this browser in; None where they are wrong.

    Raises TooManyAttempts after MAX_FAILURES wrong passwords from one address within FAILURE_WINDOW, right or wrong.
    """
    since = now() - FAILURE_WINDOW
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < since))
    session.execute(delete(SignIn).where(SignIn.expires_at < now()))
    failures = session.scalar(select(func.count()).where(FailedSignIn.address == address)) or 0
    if failures >= MAX_FAILURES:
        raise TooManyAttempts("too_many_attempts", minutes=int(FAILURE_WINDOW.total_seconds() // 60))
    account = session.scalar(select(Account).where(Account.name == name))
    if not _verify(account.password_hash if account else _nobodys_hash(), password) or account is None:
        session.add(FailedSignIn(address=address))
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hash(password)
    token = ids.token()
    session.add(
        SignIn(token_sha256=_digest(token), account_id=account.id, expires_at=now() + dt.timedelta(hours=hours))
    )
    cookie.clear()  # whoever knew the cookie from before knows nothing of this one
    cookie["sign_in"] = token
    return Person(account.id, account.name)


def sign_out(session: Session) -> None:
    session.execute(delete(SignIn).where(SignIn.token_sha256 == _digest(str(cookie.get("sign_in", "")))))
    cookie.clear()


def identify(session: Session) -> Person | None:
    """Who the cookie says is asking."""
    token = cookie.get("sign_in")
    if not isinstance(token, str):
        return None
    account = session.scalar(
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.token_sha256 == _digest(token), SignIn.expires_at > now())
    )
    return Person(account.id, account.name) if account else None


def check_password(password: str) -> None:
    """Raise BadInput for a password that is too short or too long."""
    if len(password) < MIN_PASSWORD:
        raise BadInput("password_short", least=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        raise BadInput("password_long", most=MAX_PASSWORD)


def _hash(password: str) -> str:
    check_password(password)
    return _hasher.hash(password)


def _verify(password_hash: str, password: str) -> bool:
    if len(password) > MAX_PASSWORD:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """Checked where the name is unknown, so that the time of the answer does not tell which names exist."""
    return _hasher.hash(ids.token())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
