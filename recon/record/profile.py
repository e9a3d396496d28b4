"""A profile: the limits that an institution sets, as a TOML file, and which of them a model keeps.

[title]
zh = "藏品记录"
en = "Documentation"

[limits]
measured_share = { min = 0.95 }     # names and units: recon.record.figures.FIGURES
gsd_mm = { max = 0.3 }
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recon.errors import BadOptions
from recon.record.figures import FIGURES, Figures

SHIPPED = ("display", "documentation", "survey")
Outcome = Literal["pass", "fail", "unknown", "inapplicable"]


@dataclass(frozen=True, slots=True)
class Limit:
    figure: str  # of FIGURES
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Check:
    limit: Limit
    value: float | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Profile:
    name: str  # of SHIPPED, or the file's
    title: dict[str, str]  # {"zh": …, "en": …}
    note: dict[str, str]
    limits: tuple[Limit, ...]

    def checks(self, figures: Figures, inapplicable: frozenset[str] = frozenset()) -> list[Check]:
        return [
            Check(limit, None, "inapplicable") if limit.figure in inapplicable else _check(limit, figures[limit.figure])
            for limit in self.limits
        ]


def passes(checks: list[Check]) -> bool:
    """Whether all limits are kept that apply; a figure that is not known keeps none."""
    return all(check.outcome in ("pass", "inapplicable") for check in checks)


def read_profile(name: str) -> Profile:
    """One of SHIPPED by its name, else a TOML file. Raises BadOptions."""
    file = Path(__file__).parent / "profiles" / f"{name}.toml" if name in SHIPPED else Path(name)
    if not file.is_file():
        raise BadOptions("profile_unknown", name=name, profiles=list(SHIPPED))
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadOptions("profile_not_toml", file=file, reason=str(problem)) from problem
    limits = table.get("limits")
    if not isinstance(limits, dict) or not limits:
        raise BadOptions("profile_no_limits", file=file)
    parsed = tuple(_limit(figure, told, file) for figure, told in limits.items())
    title = _texts(table.get("title"), file.stem)
    return Profile(file.stem, title, _texts(table.get("note"), ""), parsed)


def _limit(figure: str, told: Any, file: Path) -> Limit:
    if figure not in FIGURES:
        raise BadOptions("profile_figure", file=file, figure=figure, figures=list(FIGURES))
    sound = isinstance(told, dict) and told and not told.keys() - {"min", "max"}
    values = [told.get("min"), told.get("max")] if sound else []
    numbers = [v for v in values if v is not None]
    if not numbers or any(isinstance(v, bool) or not isinstance(v, int | float) or math.isnan(v) for v in numbers):
        raise BadOptions("profile_limit", file=file, figure=figure)
    least, most = (None if v is None else float(v) for v in values)
    return Limit(figure, least, most)


def _texts(told: Any, otherwise: str) -> dict[str, str]:
    """{zh, en} of a table, or of a single text."""
    if isinstance(told, dict):
        texts = [str(told[language]) for language in ("zh", "en") if told.get(language)]
        return {language: str(told.get(language) or (texts or [otherwise])[0]) for language in ("zh", "en")}
    return dict.fromkeys(("zh", "en"), str(told or otherwise))


def _check(limit: Limit, value: float | None) -> Check:
    if value is None:
        return Check(limit, None, "unknown")
    kept = (limit.least is None or value >= limit.least) and (limit.most is None or value <= limit.most)
    return Check(limit, value, "pass" if kept else "fail")
