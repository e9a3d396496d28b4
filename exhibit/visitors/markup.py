"""Curators' texts as the paragraphs of reportlab: its own small markup, with nothing of theirs left unescaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Literal

Kind = Literal["p", "li", "blockquote"]
_BLOCKS = frozenset({"p", "li", "ul", "ol", "blockquote"})
_CLOSING = {"strong": "</b>", "em": "</font>", "a": "</a>"}


@dataclass(slots=True)
class Paragraph:
    kind: Kind
    bullet: str = ""
    markup: str = ""


def plain(text: str) -> str:
    """Plain text with its line breaks."""
    return escape(text.strip(), quote=False).replace("\n", "<br/>")


def paragraphs(rich: str) -> list[Paragraph]:
    """The paragraphs of sanitised rich text, as exhibit.halls.richtext leaves it."""
    reader = _Reader()
    reader.feed(rich)
    reader.close()
    reader.end()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Paragraph] = []
        self._now = Paragraph("p")
        self._open: list[str] = []
        self._lists: list[int | None] = []  # the last number of each ordered list around, None of an unordered one
        self._quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end()
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "blockquote":
            self._quoted, self._now.kind = True, "blockquote"
        elif tag == "li":
            self._now = Paragraph("li", self._next_bullet())
        elif tag == "br":
            self._now.markup += "<br/>"
        elif tag in _CLOSING:
            self._now.markup += _opening(tag, dict(attrs))
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while (closed := self._open.pop()) != tag:
                self._now.markup += _CLOSING[closed]
            self._now.markup += _CLOSING[tag]
        elif tag in _BLOCKS:
            self.end()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            self._quoted = self._quoted and tag != "blockquote"
            self._now = Paragraph("blockquote" if self._quoted else "p")

    def handle_data(self, data: str) -> None:
        self._now.markup += escape(re.sub(r"\s+", " ", data), quote=False)

    def end(self) -> None:
        """The paragraph ends; one that has no words yet keeps its bullet."""
        while self._open:
            self._now.markup += _CLOSING[self._open.pop()]
        if re.sub(r"<[^>]*>", "", self._now.markup).strip():
            self._now.markup = self._now.markup.strip()
            self.found.append(self._now)
            self._now = Paragraph("blockquote" if self._quoted else "p")

    def _next_bullet(self) -> str:
        last = self._lists[-1] if self._lists else None
        if last is None:
            return "•"
        self._lists[-1] = last + 1
        return f"{last + 1}."


def _opening(tag: str, attributes: dict[str, str | None]) -> str:
    if tag == "a":
        return f'<a href="{escape(attributes.get("href") or "")}" color="#96351f">'
    return "<b>" if tag == "strong" else '<font color="#74230f">'  # Chinese has no italics
