"""What recon says: every key has both languages, is used, and is given the values that its texts show."""

from __future__ import annotations

import ast
import json
import pickle
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import recon.errors
import recon.formats.errors
from recon.errors import DiskProblem, LongyaoError, NoReconstruction, disk_problem
from recon.messages import LANGUAGES, TEXTS, Message, language_of, printable, read_text

PACKAGE = Path(recon.errors.__file__).parent
ERRORS = {
    name
    for module in (recon.errors, recon.formats.errors)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, LongyaoError)
}
COMPUTED = (  # keys that end in a name: of a stage, a unit, a kind, what is dropped
    *("statement.", "stage.", "unit.", "change.", "draw."),
    *(f"report.{part}_" for part in ("about", "figure", "class", "side", "plan", "up", "shape")),
    *(f"warning.scan_{reason}" for reason in ("mixed", "moved", "stray", "lonely")),
)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, key, names of the values; None where they are passed on) of every message that the code makes."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            names = None if any(k.arg is None for k in node.keywords) else {str(k.arg) for k in node.keywords}
            place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            for key in literals(node.args[0]):
                if node.func.id in ("Message", "say"):
                    yield place, key, names
                elif node.func.id == "Remark":
                    yield place, f"remark.{key}", keys_of(node.args[1:])
                elif node.func.id in ERRORS:
                    yield place, f"error.{key}", names


def keys_of(values: list[ast.expr]) -> set[str] | None:
    """The keys of a dict that is written out, if there is one."""
    if values and not isinstance(values[0], ast.Dict):
        return None
    return {
        str(key.value)
        for part in values
        if isinstance(part, ast.Dict)
        for key in part.keys
        if isinstance(key, ast.Constant)
    }


def literals(node: ast.expr) -> list[str]:
    """The strings that an expression can be."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


CALLS = list(calls())


@pytest.mark.parametrize("key", TEXTS)
def test_a_message_has_both_languages_with_the_same_values(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == set(LANGUAGES)
    assert all(texts.values())
    assert placeholders(texts["zh"]) == placeholders(texts["en"])
    assert any("一" <= letter <= "鿿" for letter in texts["zh"])
    assert not any("一" <= letter <= "鿿" for letter in texts["en"])


def test_an_error_has_a_sentence_and_a_hint() -> None:
    errors = {key for key in TEXTS if key.startswith("error.")}
    sentences = {key for key in errors if not key.endswith(".hint")}
    assert errors - sentences == {f"{key}.hint" for key in sentences}
    for key in errors:
        assert TEXTS[key]["zh"].endswith(("。", "{text}"))  # or what the file says
        assert TEXTS[key]["en"].endswith((".", "{text}"))


@pytest.mark.parametrize(("place", "key", "names"), CALLS, ids=[f"{place}-{key}" for place, key, _ in CALLS])
def test_a_message_that_is_made_has_its_text_and_its_values(place: str, key: str, names: set[str] | None) -> None:
    assert key in TEXTS, f"{place} uses {key}, which texts.json does not have"
    if names is not None:
        shown = placeholders(TEXTS[key]["en"]) | placeholders(TEXTS.get(f"{key}.hint", {"en": ""})["en"])
        assert names == {name.split(".")[0] for name in shown}, place


def test_every_text_is_used() -> None:
    words = {
        node.value
        for path in [
            *PACKAGE.rglob("*.py"),
            *PACKAGE.parent.glob("exhibit/**/*.py"),
        ]  # which has some of formats' texts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    begins = ("error.", "remark.", "warning.scan_", "report.")  # of a key whose end is a word of the code
    used = {key for _, key, _ in CALLS} | words | {f"{begin}{word}" for word in words for begin in begins}
    unused = {key for key in TEXTS if not key.startswith(COMPUTED)} - used - {f"{key}.hint" for key in used}
    assert not unused


def test_stages_and_units_have_names() -> None:
    from recon.pipeline.from_photos import STAGES

    stages = {stage.__name__.rpartition(".")[2] for stage in STAGES}
    assert {f"stage.{name}" for name in stages} <= TEXTS.keys()
    started = {
        str(node.args[1].value)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "start"
        if len(node.args) == 2 and isinstance(node.args[1], ast.Constant)
    }
    assert len(started) >= 5
    assert {f"unit.{unit}" for unit in started} <= TEXTS.keys()


def test_a_message_inside_a_message_is_in_the_same_language() -> None:
    message = Message("warning.not_placed", name="龙 [b].jpg", reason=Message("reason.shares_little", count=7))
    assert message.text("en") == "龙 [b].jpg could not be placed: its best neighbour shares only 7 points with it."
    assert message.text("zh") == "无法确定 龙 [b].jpg 的位置：与它最接近的照片也只有 7 个共同点。"
    assert message.texts() == {"zh": message.text("zh"), "en": message.text("en")}


def test_a_kept_message_is_read_in_either_language() -> None:
    message = Message("warning.not_placed", name="a.jpg", reason=Message("reason.shares_nothing"))
    kept = json.loads(json.dumps(message.as_json()))
    assert [read_text(kept, language) for language in LANGUAGES] == [message.text(lang) for lang in LANGUAGES]
    assert Message.from_json(kept) == message
    assert read_text({**kept, "key": "warning.of_another_version"}, "zh") == message.text("en")
    assert read_text("version 0.1 kept the text alone", "zh") == "version 0.1 kept the text alone"


def test_lists_are_joined_as_the_language_does() -> None:
    error = NoReconstruction("stage_unknown", stage="dnese", stages=("photos", "dense"))
    assert error.hint("en") == "The stages are photos, dense."
    assert error.hint("zh") == "步骤有：photos、dense。"


def test_an_error_crosses_a_process_border_whole() -> None:
    error = pickle.loads(pickle.dumps(NoReconstruction("photos_apart", count=9)))
    assert type(error) is NoReconstruction
    assert "9" in error.message("zh")
    assert str(error) == f"{error.message()} {error.hint()}"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_a_name_that_is_not_utf_8_can_be_shown_and_kept() -> None:
    name = b"caf\xe9 \xe9\xbe\x99.jpg".decode("utf-8", "surrogateescape")
    assert printable(name) == "caf\\xe9 龙.jpg"
    kept = Message("warning.blurred", name=name).as_json()
    json.dumps(kept, ensure_ascii=False).encode()
    assert kept["values"] == {"name": "caf\\xe9 龙.jpg"}


@pytest.mark.parametrize(
    ("number", "key"),
    [(28, "disk_full"), (122, "disk_full"), (27, "file_limit"), (13, "not_permitted"), (30, "read_only"),
     (5, "disk_broken"), (36, "name_too_long"), (24, "system_refused")],
)  # fmt: skip
def test_an_error_of_the_system_is_a_sentence_and_a_hint(number: int, key: str) -> None:
    error = disk_problem(OSError(number, "as the system says", "/photos/a.png"))
    assert isinstance(error, DiskProblem | LongyaoError)
    assert error.key == key
    assert all("/photos/a.png" in error.message(language) and error.hint(language) for language in LANGUAGES)
