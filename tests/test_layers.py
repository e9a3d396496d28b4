"""Imports follow the arrows drawn in README.md and in the packages' READMEs; Python here, TypeScript in viewer/test."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each layer of recon may import itself (where it is a package), and the layers below it.
RECON = (
    {"messages"},
    {"errors"},
    {"film_frames", "foreign"},
    {"formats"},
    {"geometry", "modelling"},
    {"types"},
    {"progress", "executor"},
    {"stages"},
    {"options"},
    {"budget", "provenance", "workspace"},
    {"cost_history"},
    {"survey"},
    {"change", "drawing", "record"},
    {"pipeline", "inspect", "inspect_scans", "view", "register", "compare", "draw", "export", "replay"},
    {"cli"},
    {"__main__", "__init__"},
)
APART = {
    "formats": {"errors", "messages"},
    "geometry": {"formats"},
    "modelling": {"errors", "messages", "formats"},
    "stages": {"errors", "messages", "progress", "executor", "foreign", "formats", "geometry", "types"},
}
EXHIBIT = (
    {"errors", "config", "i18n", "ids", "incoming", "viewer"},
    {"db", "storage", "documents"},
    {"access"},
    {"web"},
    {"people", "space"},
    {"publishing"},
    {"library"},
    {"jobs"},
    {"halls"},
    {"visitors"},
    {"serving"},
    {"__init__", "cli", "__main__", "migrations"},
)
INSIDE = ("models", "services", "routes")  # of a capability


def imports(path: Path) -> set[str]:
    """Dotted names that a Python file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def part_of(name: str) -> str:
    return name.split(".")[1] if "." in name else "__init__"


def own_part(path: Path, package: str) -> str:
    return path.relative_to(ROOT / package).parts[0].removesuffix(".py")


def rank(layers: tuple[set[str], ...], part: str) -> int:
    ranks = [i for i, layer in enumerate(layers) if part in layer]
    assert ranks, f"{part} is in no layer: add it to tests/test_layers.py where it belongs"
    return ranks[0]


def names_of(package: str, path: Path) -> set[str]:
    """Parts of `package` that the file imports, itself left out."""
    parts = {part_of(n) for n in imports(path) if n.split(".")[0] == package and "." in n}
    known = {p.name.removesuffix(".py") for p in (ROOT / package).iterdir()}
    return (parts & known) - {own_part(path, package)}


@pytest.mark.parametrize("path", files("recon"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_recon(path: Path) -> None:
    own = own_part(path, "recon")
    used = names_of("recon", path)
    assert all(rank(RECON, part) <= rank(RECON, own) for part in used), f"{own} may not import {sorted(used)}"
    if own in APART:
        assert used <= APART[own], f"{own} may import only {sorted(APART[own])}, not {sorted(used - APART[own])}"
    if own == "stages":
        stages = {n for n in imports(path) if n.startswith("recon.stages.")}
        others = {n for n in stages if not n.split(".")[2].startswith(f"{path.stem}_")}  # which is a part of this one
        assert not others, f"a stage knows no other stage: {sorted(others)}"


@pytest.mark.parametrize("path", files("exhibit"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_exhibit(path: Path) -> None:
    own = own_part(path, "exhibit")
    used = names_of("exhibit", path)
    assert all(rank(EXHIBIT, part) <= rank(EXHIBIT, own) for part in used), f"{own} may not import {sorted(used)}"
    if path.stem in INSIDE and path.parent != ROOT / "exhibit":
        capability = path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        above = {f"{capability}.{part}" for part in INSIDE[INSIDE.index(path.stem) + 1 :]}
        assert not imports(path) & above, f"{path.stem} is below {sorted(above)}"


def test_edits_of_halls_know_no_database_and_no_page() -> None:
    known = {"exhibit.documents", "exhibit.errors", "exhibit.ids"}
    known |= {f"exhibit.halls.{part}" for part in ("anchors", "edits", "rotation")}
    pure = [ROOT / "exhibit" / "halls" / f"{name}.py" for name in ("anchors", "rotation")]
    for path in [*files("exhibit/halls/edits"), *pure]:
        for name in imports(path):
            assert name.split(".")[0] in sys.stdlib_module_names or any(
                f"{name}.".startswith(f"{k}.") for k in known
            ), f"{path.name} imports {name}"


def test_across() -> None:
    """recon never knows exhibit. exhibit uses recon.formats; halls are built with recon.modelling; the command and the
    worker use recon's public names.
    """
    for path in files("recon"):
        assert not {n for n in imports(path) if n.split(".")[0] == "exhibit"}, path
    import recon

    for path in files("exhibit"):
        shared = ("recon.formats.", "recon.modelling.") if own_part(path, "exhibit") == "space" else ("recon.formats.",)
        used = {n for n in imports(path) if n.split(".")[0] == "recon" and not f"{n}.".startswith(shared)}
        if path in (ROOT / "exhibit" / "cli.py", ROOT / "exhibit" / "jobs" / "worker.py"):
            assert used - {"recon"} <= {f"recon.{name}" for name in recon.__all__}, sorted(used)
        else:
            assert not used, f"{path.relative_to(ROOT)} imports {sorted(used)}"


def test_nobody_imports_the_demonstration_tests_or_scripts() -> None:
    own = {p.stem for p in (ROOT / "tests").rglob("*.py")} | {"tests", "scripts", "assets"}
    for path in files("recon") + files("exhibit"):
        assert not {n for n in imports(path) if n.split(".")[0] in own - {"conftest"}}, path


def test_every_stage_has_its_three_names() -> None:
    """The conformance test that does the job of a framework."""
    from recon.options import Options
    from recon.pipeline import cloud, from_both

    stages = (*from_both.STAGES, cloud.STAGES[-1])
    assert [f.name for f in Options.__dataclass_fields__.values()] == [s.__name__.rpartition(".")[2] for s in stages]
    for stage in stages:
        name = stage.__name__.rpartition(".")[2]
        assert isinstance(stage.VERSION, int)
        options = getattr(stage, f"{name.capitalize()}Options")
        assert options.__dataclass_params__.frozen
        assert all(field.kw_only for field in options.__dataclass_fields__.values())
        assert type(getattr(Options(), name)) is options
        assert set(stage.build.__annotations__) >= {"options", "scratch", "progress", "return"}
