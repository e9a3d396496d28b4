"""Curators' rich text: the few tags that notes may have, and a way to type it that needs none."""

from __future__ import annotations

import html
import re

import nh3

TAGS = {"p", "strong", "em", "ul", "ol", "li", "a", "br", "blockquote"}
_PARAGRAPHS_ONLY = re.compile(r"(?:<p>(?:[^<]|<br>)*</p>\s*)+")


def sanitise(rich: str) -> str:
    """The text with only TAGS left, and links that lead to web pages and mail addresses."""
    return nh3.clean(
        rich,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def from_typed(typed: str) -> str:
    """What a curator typed, as rich text: without tags, empty lines part paragraphs and line ends are kept."""
    if re.search(r"</?[a-zA-Z]", typed):
        return sanitise(typed)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", typed) if part.strip()]
    return "\n".join(f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs)


def to_typed(rich: str) -> str:
    """The opposite of from_typed: plain paragraphs come back as typed, anything richer as its HTML."""
    if not _PARAGRAPHS_ONLY.fullmatch(rich):
        return rich
    paragraphs = re.findall(r"<p>((?:[^<]|<br>)*)</p>", rich)
    return "\n\n".join(html.unescape(part.replace("<br>", "\n")) for part in paragraphs)
