#!/usr/bin/env python3
"""Write the Python types of assets, halls and edits from assets/schema. `--check` only says whether they are fresh.

The viewer's types of the same schemas are written by `npm run schema` (viewer/scripts/schema.ts).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from keyword import iskeyword
from pathlib import Path
from textwrap import fill, indent
from typing import Any

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "assets" / "schema"
ASSET_TYPES = ROOT / "recon" / "formats" / "asset_document.py"  # recon writes asset.json and may not import exhibit
HALL_TYPES = ROOT / "exhibit" / "documents" / "types.py"
EDIT_TYPES = ROOT / "exhibit" / "documents" / "edit_types.py"
WIDTH = 116
TYPING = ("Literal", "NotRequired", "TypeAlias", "TypedDict", "final")
SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

Schema = dict[str, Any]


def generate() -> dict[Path, str]:
    """The files that this script writes, and what is in them."""
    asset, hall, edit = _read("asset"), _read("hall"), _read("edit")
    shared = sorted(map(_name, asset["$defs"]))
    names = sorted([*shared, *map(_name, [*hall["$defs"], "hall"])])
    imports = f"from recon.formats.asset_document import {', '.join(shared)}\n\n__all__ = {names}\n"
    return {
        ASSET_TYPES: _module("Types of asset.json.", "asset", asset["$defs"]),
        HALL_TYPES: _module("Types of hall documents.", "hall", {**hall["$defs"], "hall": _whole(hall)}, imports),
        EDIT_TYPES: _module(
            "Types of edits.",
            "edit",
            {**edit["$defs"], "edits_request": _whole(edit)},
            "from exhibit.documents.types import AssetDocument, Id\n\n",
        ),
    }


def _read(name: str) -> Schema:
    schema: Schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _whole(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name != "$defs"}


def _module(title: str, schema: str, parts: dict[str, Schema], imports: str = "") -> str:
    body = "\n".join(_definition(_name(key), part) for key, part in parts.items())
    typing = [name for name in TYPING if re.search(rf"\b{name}\b", body)]
    return _formatted(
        f'"""{title} Written by scripts/document_types.py from assets/schema/{schema}.schema.json: do not edit.\n\n'
        "A key that a document may lack is NotRequired. Lengths, patterns and ranges are not in the types: the schema\n"
        'checks them.\n"""\n\n'
        "from __future__ import annotations\n\n"
        f"from typing import {', '.join(typing)}\n\n{imports}{body}"
    )


def _definition(name: str, part: Schema) -> str:
    description = part.get("description", "")
    if part.get("type") != "object":
        kind = _type(part)
        alias = f'"{kind}"' if " | " in kind else kind  # quoted: variants may be defined further down
        return f"{_comment(description)}{name}: TypeAlias = {alias}\n"
    fields = {
        key: _type(value) if key in part.get("required", ()) else f"NotRequired[{_type(value)}]"
        for key, value in part["properties"].items()
    }
    comments = {key: _comment(value.get("description", ""), WIDTH - 2) for key, value in part["properties"].items()}
    if any(map(iskeyword, fields)):  # `from` cannot be a class's field
        body = "".join(f'{comments[key]}"{key}": {kind},\n' for key, kind in fields.items())
        return f'{_comment(description)}{name} = TypedDict("{name}", {{\n{body}}})\n'
    body = _docstring(description) if description else ""
    body += "".join(f"{comments[key]}{key}: {kind}\n" for key, kind in fields.items())
    closed = "@final\n" if part.get("additionalProperties") is False else ""  # so that a key tells variants apart
    return f"\n{closed}class {name}(TypedDict):\n{indent(body, '    ')}"


def _docstring(description: str) -> str:
    first, stop, rest = description.partition(". ")
    more = f"\n\n{fill(rest, WIDTH)}\n" if rest else ""
    return f'"""{first}{stop.strip()}{more}"""\n\n'


def _comment(description: str, width: int = WIDTH) -> str:
    return "".join(f"# {line}\n" for line in fill(description, width).splitlines())


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema and "type" not in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(json.dumps, schema['enum']))}]"
    if "type" not in schema:
        return "object"  # any JSON
    if schema["type"] == "array":
        return f"list[{_type(schema['items'])}]"
    if schema["type"] == "object" and "properties" not in schema:
        keys = _type(schema.get("propertyNames", {"type": "string"}))
        return f"dict[{keys}, {_type(schema['additionalProperties'])}]"
    if schema["type"] not in SIMPLE:
        raise SystemExit(f"Give this object a name of its own under $defs: {json.dumps(schema)[:120]}")
    return SIMPLE[schema["type"]]


def _name(key: str) -> str:
    """A part's name in Python. A whole document says so: `Hall` and `Asset` are rows of the database."""
    words = "".join(word.capitalize() for word in key.split("_"))
    return f"{words}Document" if key in ("asset", "hall") else words


def _formatted(source: str) -> str:
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "types.py", "-"]
    return subprocess.run(ruff, cwd=ROOT, input=source, capture_output=True, text=True, check=True).stdout


def main() -> int:
    stale = [path for path, text in generate().items() if not path.is_file() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what assets/schema says: run scripts/document_types.py")
        return 1 if stale else 0
    for path, text in generate().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
