"""Pieces of a page that says everything in Chinese and in English; a link, not a script, switches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from recon.messages import LANGUAGES, Language, say

TAG = {"zh": "zh-Hans", "en": "en"}  # BCP 47
Said = Callable[[Language], str]


def both(key: str, /, **values: object) -> str:
    """The text `report.<key>` in both languages, of which the page shows one."""
    return each(lambda language: say(f"report.{key}", language, **values))


def each(said: Said) -> str:
    """What `said` returns for each language, escaped; once where they are the same."""
    texts = {language: escape(said(language)) for language in LANGUAGES}
    if len(set(texts.values())) == 1:
        return texts["en"]
    return "".join(f'<span class="{name}" lang="{TAG[name]}">{text}</span>' for name, text in texts.items())


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "", numbers: Sequence[int] = ()
) -> str:
    """HTML cells; the first of a row is its heading. numbers: columns that are right-aligned."""

    def cell(index: int, value: str) -> str:
        kind = ' class="number"' if index in numbers else ""
        return f'<th scope="row"{kind}>{value}</th>' if index == 0 else f"<td{kind}>{value}</td>"

    head = "".join(f'<th scope="col"{" class=number" if i in numbers else ""}>{h}</th>' for i, h in enumerate(heads))
    body = "".join(f"<tr>{''.join(cell(i, v) for i, v in enumerate(row))}</tr>" for row in rows)
    title = f"<caption>{caption}</caption>" if caption else ""
    inner = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="wide" tabindex="0"><table>{title}{inner}</table></div>'


def facts_list(pairs: Sequence[tuple[str, str]], kind: str = "short") -> str:
    """kind: "long" where each takes a line of its own."""
    return f'<dl class="{kind}">{"".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in pairs)}</dl>'


def section(key: str, *parts: str) -> str:
    """With the heading `report.<key>`; nothing where there are no parts."""
    inner = "".join(parts)
    return f'<section aria-labelledby="{key}"><h2 id="{key}">{both(key)}</h2>{inner}</section>' if inner else ""
