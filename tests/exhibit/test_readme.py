"""exhibit/README.md tells what the code is: addresses, settings, commands, capabilities."""

from __future__ import annotations

import argparse
import re
from dataclasses import MISSING, fields
from pathlib import Path

from flask import Flask

import exhibit
from exhibit.access import Verb
from exhibit.cli import _parser
from exhibit.config import Config
from exhibit.halls import api
from exhibit.halls import routes as halls
from exhibit.jobs import routes as jobs
from exhibit.library import routes as library
from exhibit.people import routes as people
from exhibit.visitors import routes as visitors

PACKAGE = Path(exhibit.__file__).parent


def table(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without code marks."""
    section = (PACKAGE / "README.md").read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\|(.+)\|$", section, flags=re.M)[2:]
    return [[cell.strip().strip("`") for cell in row.split("|")] for row in rows]


def test_addresses(app: Flask) -> None:
    told = {
        (address, method): access
        for address, methods, access, _ in table("Addresses")
        for method in methods.split(", ")
    }
    found = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert set(told) == found
    capabilities = (people, library, jobs, halls, api, visitors)
    for route in [*halls.STORY, *(route for capability in capabilities for route in capability.ROUTES)]:
        for method in route.methods:
            assert told[route.rule, method] == ("everyone" if route.verb is Verb.SEE else "curator"), route.rule


def test_settings() -> None:
    told = {variable: default for variable, default, _ in table("Configuration")}
    known = {setting.name: "" if setting.default is MISSING else str(setting.default) for setting in fields(Config)}
    assert told == {f"LONGYAO_{name.upper()}": default for name, default in known.items()}


def test_commands() -> None:
    [commands] = [action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)]
    assert [command for command, _ in table("Commands")] == [f"exhibit {name}" for name in commands.choices]


def test_capabilities() -> None:
    found = {f"{file.parent.name}/" for file in PACKAGE.glob("*/__init__.py")} - {"documents/", "web/"}
    assert {folder for folder, _ in table("Capabilities")} == found
