"""A browser at the exhibition, for tests."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "a kiln on a hillside"
NAME = "curator"


class Browser:
    """A browser that sends the token of the page it is on, as a form does."""

    def __init__(self, client: FlaskClient):
        self.client = client

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(address, buffered=True, **more)

    def token(self, page: str = "/desk/jobs/new") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"no form on {page}"
        return found[1]

    def post(self, address: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.token()} | (form or {}), buffered=True, **more)

    def send(self, method: str, address: str, **more: Any) -> TestResponse:
        headers = {"X-CSRF-Token": self.token()} | more.pop("headers", {})
        return self.client.open(address, method=method, headers=headers, buffered=True, **more)

    def sign_in(self, password: str = PASSWORD, name: str = NAME, **form: str) -> TestResponse:
        token = self.token("/desk/sign-in")
        return self.client.post("/desk/sign-in", data={"csrf_token": token, "name": name, "password": password} | form)
