"""Signing in: who gets in, who does not, and what a browser is given."""

from __future__ import annotations

import datetime as dt

import pytest
from browser import NAME, PASSWORD, Browser
from flask import Flask
from sqlalchemy import select, update

from exhibit.db import Database, now
from exhibit.errors import BadInput
from exhibit.people import services
from exhibit.people.models import Account, FailedSignIn, SignIn


def test_sign_in_and_out(visitor: Browser, database: Database) -> None:
    assert visitor.get("/desk").headers["Location"] == "/desk/sign-in?next=/desk"
    answer = visitor.sign_in(next="/desk/assets")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/assets")
    assert visitor.get("/desk").status_code == 200
    cookie = visitor.client.get_cookie("longyao")
    assert cookie is not None
    assert visitor.post("/desk/sign-out").status_code == 303
    assert visitor.get("/desk").status_code == 303
    visitor.client.set_cookie("longyao", cookie.value)  # the old cookie, kept by a thief
    assert visitor.get("/desk").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(SignIn)).all() == []


@pytest.mark.parametrize(("name", "password"), [(NAME, "wrong"), ("nobody", PASSWORD), (NAME, ""), (NAME, "x" * 5000)])
def test_wrong_name_or_password(visitor: Browser, name: str, password: str) -> None:
    answer = visitor.sign_in(password, name)
    assert answer.status_code == 401
    assert (
        "The name or the password is wrong."
        in visitor.client.post(
            "/desk/sign-in?lang=en",
            data={"csrf_token": visitor.token("/desk/sign-in"), "name": name, "password": password},
        ).text
    )
    assert visitor.get("/desk").status_code == 303


def test_guessing_is_slowed_down_and_forgiven_later(visitor: Browser, app: Flask, database: Database) -> None:
    for _ in range(services.MAX_FAILURES):
        assert visitor.sign_in("wrong").status_code == 401
    assert visitor.sign_in(PASSWORD).status_code == 429
    elsewhere = Browser(app.test_client())
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert elsewhere.sign_in(PASSWORD).status_code == 303  # others are not locked out by it
    with database.writing() as session:
        session.execute(update(FailedSignIn).values(at=now() - services.FAILURE_WINDOW - dt.timedelta(seconds=1)))
    assert visitor.sign_in(PASSWORD).status_code == 303


def test_a_sign_in_ends(curator: Browser, database: Database) -> None:
    with database.writing() as session:
        session.execute(update(SignIn).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert curator.get("/desk").status_code == 303


@pytest.mark.parametrize(
    "wish", ["https://elsewhere.example/desk", "//elsewhere.example", "/desk\\@elsewhere", "/", "javascript:x"]
)
def test_sign_in_leads_nowhere_else(visitor: Browser, wish: str) -> None:
    assert visitor.sign_in(next=wish).headers["Location"] == "/desk"


def test_the_cookie(app: Flask) -> None:
    for scheme, secure in (("http", False), ("https", True)):
        client = app.test_client()
        answer = client.get("/desk/sign-in", base_url=f"{scheme}://localhost")
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure
        assert ("Strict-Transport-Security" in answer.headers) is secure


def test_visitors_get_no_cookie(visitor: Browser) -> None:
    assert "Set-Cookie" not in visitor.get("/").headers


def test_the_cookie_changes_with_the_sign_in(visitor: Browser) -> None:
    before = visitor.token("/desk/sign-in")
    visitor.sign_in()
    assert visitor.token() != before


def test_passwords_are_kept_as_argon2id(database: Database) -> None:
    with database.reading() as session:
        account = session.scalars(select(Account)).one()
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash


def test_another_password_signs_out_everywhere(curator: Browser, database: Database) -> None:
    with database.writing() as session:
        services.set_password(session, NAME, "another long password")
    assert curator.get("/desk").status_code == 303
    assert curator.sign_in("another long password").status_code == 303


def test_accounts_refuse_short_passwords_and_taken_names(database: Database) -> None:
    with database.writing() as session, pytest.raises(BadInput, match="too short"):
        services.create_account(session, "second", "short")
    with database.writing() as session, pytest.raises(BadInput, match="already"):
        services.create_account(session, NAME, PASSWORD)
    with database.writing() as session, pytest.raises(BadInput, match="no account"):
        services.set_password(session, "nobody", PASSWORD)
