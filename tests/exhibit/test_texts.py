"""Two languages are equals: every text is in both, every text used exists, templates have none of their own."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import exhibit
from exhibit.errors import ExhibitError
from exhibit.i18n import CATALOGUE, LANGUAGES, say
from recon.formats import errors as formats

PACKAGE = Path(exhibit.__file__).parent
FORMATS = Path(formats.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # characters, and their punctuation
SAME_IN_BOTH = {"halls.thing_named", "site.percent", "library.megabytes", "site.this_language"}


def python_files() -> Iterator[tuple[Path, ast.Module]]:
    for path in [*PACKAGE.rglob("*.py"), *FORMATS.glob("*.py"), FORMATS.parent / "stages" / "photos.py"]:
        if path.is_relative_to(PACKAGE / "space"):
            continue
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def raised() -> Iterator[tuple[str, set[str]]]:
    """(key, names of its values) of every error and remark that the code makes."""
    kinds = {ExhibitError.__name__, *(kind.__name__ for kind in ExhibitError.__subclasses__())}
    kinds |= {formats.BadFile.__name__, formats.TooLarge.__name__}
    for _, tree in python_files():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            key = node.args[0]
            made = isinstance(node.func, ast.Name) and node.func.id in kinds
            own = ast.unparse(node.func) == "super().__init__" and isinstance(key, ast.Constant)  # of a kind of a kind
            if made or own:
                assert isinstance(key, ast.Constant), ast.unparse(node)
                yield str(key.value), {str(keyword.arg) for keyword in node.keywords}


def test_every_text_is_in_both_languages() -> None:
    for key, texts in CATALOGUE.items():
        assert set(texts) == set(LANGUAGES), key
        assert all(words.strip() for words in texts.values()), key
        if key not in SAME_IN_BOTH:
            assert CHINESE.search(texts["zh"]), key
            assert not CHINESE.search(texts["en"]), key
        holes = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in texts.values()]
        assert holes[0] == holes[1], key


def test_keys_tell_where_they_live() -> None:
    for file in PACKAGE.glob("*/texts.json"):
        assert all(key.startswith(f"{file.parent.name}.") for key in json.loads(file.read_text(encoding="utf-8"))), file
    here = json.loads((PACKAGE / "texts.json").read_text(encoding="utf-8"))
    assert all(key.startswith(("site.", "error.")) for key in here)


def test_every_error_has_its_sentence_and_its_hint() -> None:
    keys = dict(raised())
    for key, values in raised():
        for wanted in (f"error.{key}", f"error.{key}.hint"):
            for language in LANGUAGES:
                assert say(wanted, language, **dict.fromkeys(values, 7))
    told = {key.split(".")[1] for key in CATALOGUE if key.startswith("error.")}
    assert {key for key in told if not key.startswith("http_")} == set(keys)


def used_in_templates() -> Iterator[str]:
    """Keys that templates name; a key made up while running ends in a dot here."""
    for path in TEMPLATES:
        yield from re.findall(r"\b(?:t|say_or)\('([^']+)'", path.read_text(encoding="utf-8"))


def test_every_text_used_exists_and_every_text_is_used() -> None:
    used = set(used_in_templates())
    for key in used:
        assert key in CATALOGUE or (key.endswith(".") and any(each.startswith(key) for each in CATALOGUE)), key
    code = "".join(path.read_text(encoding="utf-8") for path, _ in python_files())
    for key in CATALOGUE:
        if key.startswith("error."):
            continue
        if key.startswith("remark."):
            assert f'Remark("{key.partition(".")[2]}"' in code, f"{key} is never made"
            continue
        made = [stem for stem in used if stem.endswith(".") and key.startswith(stem)]
        assert key in used or made or f'"{key}"' in code or f'f"{key.rpartition(".")[0]}.{{' in code, (
            f"{key} is never used"
        )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE / "templates")))
def test_templates_have_no_words_of_their_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% block body_class %\}\w*\{% endblock %\}", " ", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    for attribute in re.findall(r'\b(?:alt|title|placeholder|aria-label)="([^"]*)"', text):
        assert not re.search(r"[A-Za-z\u4e00-\u9fff]{2}", attribute), attribute
    words = re.sub(r"<[^>]*>", " ", text)
    assert not re.search(r"[A-Za-z\u4e00-\u9fff]{2}", words), words
