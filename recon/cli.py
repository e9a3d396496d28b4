"""The command `recon`: parses and prints, nothing else."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from recon.errors import BadOptions, LongyaoError, disk_problem
from recon.messages import LANGUAGES, Language, Message, language_of, say

if TYPE_CHECKING:
    from recon.options import Described

BAD_INPUT, STOPPED, TERMINATED = 2, 130, 143


def main(argv: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names that are not UTF-8 are printed as escapes, which JSON knows too
            stream.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except LongyaoError as problem:
        return _refused(problem, args.lang)
    except KeyboardInterrupt as stop:
        stopped = "cli.stopped_from" if getattr(args, "again", None) else "cli.stopped"
        print(f"recon: {say(stopped, args.lang)}", file=sys.stderr)
        return TERMINATED if isinstance(stop, _Terminated) else STOPPED
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        return _refused(disk_problem(problem), args.lang)


def _refused(problem: LongyaoError, language: Language) -> int:
    print(f"recon: {problem.text(language)}", file=sys.stderr)
    return BAD_INPUT


class _Terminated(KeyboardInterrupt):
    """SIGTERM: a service manager or `kill` asks to stop, which is done as for Ctrl-C."""


def _terminate(_number: int, _frame: object) -> None:
    raise _Terminated


def _parser() -> argparse.ArgumentParser:
    from recon.formats import photo_formats

    formats = ", ".join(photo_formats.names())
    parser = argparse.ArgumentParser(prog="recon", description="Photographs and scans in, glTF out.")
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=language_of(os.environ), help="language of messages; else that of LANG"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="rebuild a folder of photos, scans or both as a textured glTF")
    command.add_argument("source", type=Path, metavar="SOURCE", help=f"folder of photos ({formats}), scans or both")
    command.add_argument("--work", type=Path, required=True, help="folder of this reconstruction; made if missing")
    _choices(command)
    command.add_argument(
        "--hold-out", default="", metavar="A.jpg,B.jpg", help="place these photos but keep them from depth and texture"
    )
    command.add_argument("--to", metavar="STAGE", help="stop when this stage is done")
    command.add_argument(
        "--from", dest="again", metavar="STAGE", help="do this stage and all after it again, though nothing has changed"
    )
    command.add_argument(
        "--executor",
        default="here",
        metavar="WHERE",
        help="where photos are worked on: here, processes:N, or dask://HOST:PORT, whose workers share the work folder",
    )
    command.set_defaults(run=_build)

    command = commands.add_parser("plan", help="predict time, memory and disk")
    command.add_argument("source", type=Path, metavar="SOURCE")
    _choices(command)
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_plan)

    command = commands.add_parser("export", help="write the model or its cloud for other programs")
    command.add_argument("work", type=Path, metavar="WORK")
    command.add_argument("--to", default="", metavar="FORMAT,…", help="obj, stl (closed, to print), usdz, ply, las")
    command.add_argument("--bag", type=Path, metavar="FOLDER", help="package model, master, report and record by BagIt")
    command.add_argument("--source", type=Path, metavar="SOURCE", help="photos and scans that the bag is to hold too")
    command.add_argument("--out", type=Path, default=Path("export"), metavar="FOLDER", help="else the folder export")
    command.set_defaults(run=_export)

    command = commands.add_parser("report", help="write the report of a finished reconstruction")
    command.add_argument("work", type=Path, metavar="WORK")
    command.add_argument(
        "--profile",
        default="display",
        metavar="NAME|FILE.toml",
        help="limits: display, documentation, survey, or a file",
    )
    command.set_defaults(run=_report)

    command = commands.add_parser("replay", help="rebuild from a record, and say whether the result agrees")
    command.add_argument(
        "record", type=Path, metavar="RECORD", help="journey.json, or a workspace or bag that holds one"
    )
    command.add_argument("source", type=Path, metavar="SOURCE", help="the photos and scans that were used then")
    command.add_argument("--work", type=Path, default=Path("replay"), metavar="FOLDER", help="else the folder replay")
    command.set_defaults(run=_replay)

    command = commands.add_parser("targets", help="make a PDF of coded targets and scale bars to print")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    command.add_argument("--bars", type=int, default=3, metavar="N", help="scale bars of 200 mm, at most 12")
    command.add_argument("--targets", type=int, default=15, metavar="N", help="single targets, at most 560")
    command.set_defaults(run=_targets)

    command = commands.add_parser("options", help="list the options of a stage, or of all stages")
    command.add_argument("stage", nargs="?", metavar="STAGE", help="scans, photos, … gltf; all of them if left out")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_options)

    command = commands.add_parser("inspect", help="show what is in a photo, model, cloud or workspace")
    command.add_argument("path", type=Path, metavar="FILE_OR_WORK")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_inspect)

    command = commands.add_parser("register", help="lay scans into one frame, and show how each pair fits")
    command.add_argument("scans", nargs="+", type=Path, metavar="SCAN", help="files, or folders of them")
    command.add_argument("--poses", choices=("keep", "refine", "ignore"), default="keep", help="that the files state")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="write the placed clouds and poses.json here")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_register)

    command = commands.add_parser("view", help="show cameras, cloud and mesh in a window")
    command.add_argument("work", type=Path, metavar="WORK")
    command.add_argument("--picture", type=Path, metavar="OUT.png", help="write a picture instead of opening a window")
    command.add_argument("--measure", action="store_true", help="pick two points, tell their distance")
    command.add_argument("--region", action="store_true", help="draw a box around what is to stay of the model")
    command.set_defaults(run=_view)

    command = commands.add_parser("compare", help="find what changed between two surveys of a place")
    command.add_argument("before", type=Path, metavar="BEFORE", help="workspace, bundle, glTF or scan")
    command.add_argument("after", type=Path, metavar="AFTER", help="the same place, later")
    command.add_argument("--out", type=Path, metavar="FOLDER", default=Path("compare"), help="else the folder compare")
    command.add_argument("--aligned", action="store_true", help="both are in one frame already: keep it")
    command.add_argument("--same-unit", action="store_true", help="compare what has no metres, both of the same unit")
    command.add_argument("--radius", type=_length, metavar="M", help="of the cylinders that points are averaged in")
    command.add_argument("--reach", type=_length, metavar="M", help="farthest distance that is measured")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_compare)

    command = commands.add_parser("draw", help="draw plans, sections and elevations at a scale")
    command.add_argument("work", type=Path, metavar="WORK", help="workspace, bundle, glTF or scan")
    command.add_argument(
        "--plan", type=float, action="append", default=[], metavar="M", help="cut so high over the floor"
    )
    command.add_argument("--section", action="append", default=[], metavar="x=3", help="upright cut; x=3+ looks to +x")
    command.add_argument(
        "--elevation", action="append", default=[], metavar="SIDE", help="front, back, left, north ..."
    )
    command.add_argument("--top", action="store_true", help="an orthophoto from above")
    command.add_argument("--scale", type=int, metavar="50", help="1:50; else what fits on A3")
    command.add_argument("--format", default="svg,dxf,pdf", metavar="svg,dxf,pdf,png,tiff")
    command.add_argument("--dpi", type=int, default=200, help="of pictures on paper")
    command.add_argument("--north", type=float, metavar="DEG", help="bearing of the plan's upper side, from north")
    command.add_argument("--floor", type=float, metavar="Y", help="height of the floor; else found")
    command.add_argument("--slab", type=_length, metavar="M", help="thickness of a cloud's cut; else by its spacing")
    command.add_argument(
        "--out", type=Path, metavar="FOLDER", default=Path("drawings"), help="else the folder drawings"
    )
    command.set_defaults(run=_draw)
    return parser


def _length(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def _choices(command: argparse.ArgumentParser) -> None:
    command.add_argument("--preset", default="object", help="object, room, building or drone")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="STAGE.OPTION=VALUE",
        dest="settings",
        help="change one option; `recon options` lists them all, WORK/options.toml keeps them",
    )
    command.add_argument(
        "--region",
        action="append",
        type="mesh.region={}".format,
        metavar='"X Y Z, X Y Z"',
        dest="settings",
        help="two corners of a box at which the model ends; `recon view WORK --region` draws it",
    )


def _build(args: argparse.Namespace) -> int:
    from recon.pipeline.build import build
    from recon.pipeline.run import Control, Reached

    signal.signal(signal.SIGTERM, _terminate)  # after COLMAP is loaded, whose own handler prints its stack
    try:
        with Bars(args.lang) as bars:
            bundle = build(
                args.source,
                args.work,
                preset=args.preset,
                settings=args.settings,
                hold_out=[n for n in args.hold_out.split(",") if n],
                listener=bars.listener,
                control=Control(from_stage=args.again, to_stage=args.to, executor=args.executor),
            )
    except Reached as reached:
        print(reached.folder)
        return 0
    print(bundle.model)
    return 0


def _plan(args: argparse.Namespace) -> int:
    from recon.options import Options
    from recon.pipeline.plan import plan

    costs = plan(args.source, Options.gather(args.preset, None, args.settings))
    total = {
        "cpu_seconds": round(sum(c.cpu_seconds for c in costs)),
        "wall_seconds": round(sum(c.wall_seconds for c in costs)),
        "peak_memory_mb": round(max(c.memory_mb for c in costs)),
        "disk_mb": round(sum(c.disk_mb for c in costs)),
    }
    if args.json:
        stages = {
            c.stage: {
                "cpu_seconds": round(c.cpu_seconds, 1),
                "wall_seconds": round(c.wall_seconds, 1),
                "memory_mb": round(c.memory_mb),
                "disk_mb": round(c.disk_mb),
                "num_runs": c.num_runs,
            }
            for c in costs
        }
        print(json.dumps({"stages": stages, "total": total}))
        return 0
    table = Table(box=None, pad_edge=False)
    for number, heading in enumerate(say("cli.plan_columns", args.lang).split("|")):
        table.add_column(heading, justify="right" if 0 < number < 5 else "left")
    for c in costs:
        figures = (f"{c.cpu_seconds:.0f}", f"{c.wall_seconds / 60:.1f}", f"{c.memory_mb:.0f}", f"{c.disk_mb:.0f}")
        table.add_row(c.stage, *figures, _rests_on(c.num_runs, args.lang))
    sums = (str(total["cpu_seconds"]), f"{total['wall_seconds'] / 60:.1f}", *map(str, list(total.values())[2:]))
    table.add_row(say("cli.plan_total", args.lang), *sums, "")
    Console(highlight=False).print(table)
    return 0


def _rests_on(num_runs: int, language: Language) -> str:
    """Where a predicted figure comes from."""
    if not num_runs:
        return say("cli.plan_estimate", language)
    if num_runs == 1:
        return say("cli.plan_measured_once", language)
    return say("cli.plan_measured", language, count=num_runs)


def _export(args: argparse.Namespace) -> int:
    from recon.export import export

    formats = [name.strip().lower() for name in args.to.split(",") if name.strip()]
    if args.bag is not None:
        from recon.record.bag import write_bag

        write_bag(args.work, args.bag, source=args.source)
        print(args.bag)
        if not formats:
            return 0
    files, told = export(args.work, formats, args.out)
    for message in told:
        print(f"recon: {message.text(args.lang)}", file=sys.stderr)
    for file in files:
        print(file)
    return 0


def _report(args: argparse.Namespace) -> int:
    from recon.record.report import write_report

    with Bars(args.lang) as bars:
        page = write_report(
            args.work, profile=args.profile, language=args.lang, progress=bars.listener("report", False)
        )
    print(page)
    return 0


def _replay(args: argparse.Namespace) -> int:
    from recon.replay import replay

    with Bars(args.lang) as bars:
        found = replay(args.record, args.source, args.work, listener=bars.listener)
    print(found.text(args.lang))
    return 0 if found.agrees else 1


def _targets(args: argparse.Namespace) -> int:
    from recon.drawing.target_sheet import write_target_sheets
    from recon.errors import check_range
    from recon.geometry.targets import SHEET_BARS

    check_range("--bars", args.bars, 0, len(SHEET_BARS))
    check_range("--targets", args.targets, 0, min(SHEET_BARS)[0])
    write_target_sheets(args.out, bars=args.bars, targets=args.targets)
    print(args.out)
    return 0


def _options(args: argparse.Namespace) -> int:
    from recon.options import described

    found = described(args.stage)
    if args.json:
        print(json.dumps([asdict(option) for option in found], ensure_ascii=False, indent=1))
        return 0
    print(say("cli.options_frame", args.lang))
    for stage, options in groupby(found, key=lambda option: option.stage):
        named = say(f"stage.{stage}", args.lang)
        print(f"\n[{stage}]" + (f" {named}" if named != stage else ""))
        _print_options(list(options), args.lang)
    return 0


def _print_options(options: Sequence[Described], language: Language) -> None:
    for option in options:
        print(f"{option.stage}.{option.name} = {option.default}    {option.kind}")
        print(fill(option.comment, 100, initial_indent="    ", subsequent_indent="    "))
        if option.presets:
            values = [f"{preset} {value}" for preset, value in option.presets.items()]
            print("    " + say("cli.presets", language, values=values))


def _inspect(args: argparse.Namespace) -> int:
    from recon.inspect import as_text, inspect

    found = inspect(args.path, args.lang)
    print(json.dumps(found, ensure_ascii=False, indent=1) if args.json else as_text(found))
    return 0


def _register(args: argparse.Namespace) -> int:
    from recon.register import as_table, registered
    from recon.stages.register import RegisterOptions, as_json

    with Bars(args.lang) as bars:
        placed = registered(
            args.scans, RegisterOptions(poses=args.poses), out=args.out, progress=bars.listener("register", False)
        )
    print(json.dumps(as_json(placed), ensure_ascii=False, indent=1) if args.json else as_table(placed, args.lang))
    return 0


def _view(args: argparse.Namespace) -> int:
    from recon.view import view

    if args.measure:
        return _measure(args)
    if args.region:
        return _region(args)
    view(args.work, args.picture)
    return 0


def _measure(args: argparse.Namespace) -> int:
    """Two points picked on the model: how far apart they are, or how far they are to be."""
    from recon.options import Options
    from recon.view import picked
    from recon.workspace import Workspace

    workspace = Workspace(args.work)
    scaled = not workspace.stage("align").exists() or workspace.load("align").frame.unit == "metre"
    a, b = picked(args.work, args.lang)
    apart = float(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5)
    if scaled:
        print(say("view.apart", args.lang, metres=apart))
        return 0
    ends = [" ".join(f"{value:.6f}" for value in point) for point in (a, b)]
    told = input(say("view.ask_length", args.lang) + " ").strip().replace(",", ".")
    metres = float(told) if re.fullmatch(r"\d*\.?\d+", told) else 0.0
    if not metres > 0:
        raise BadOptions("length_unusable", length=told)
    Options.keep(workspace.options, "align", "length", ", ".join([*ends, f"{metres:g}"]))
    print(say("view.length_kept", args.lang, file=workspace.options))
    return 0


def _region(args: argparse.Namespace) -> int:
    """A box drawn on the model, at which it ends from the next build on."""
    from recon.options import Options
    from recon.view import drawn
    from recon.workspace import Workspace

    workspace = Workspace(args.work)
    region = drawn(args.work, args.lang)
    Options.keep(workspace.options, "mesh", "region", str(region))
    print(say("view.region_kept", args.lang, region=region, file=workspace.options))
    return 0


def _compare(args: argparse.Namespace) -> int:
    from recon.change.report import summary
    from recon.compare import compare

    with Bars(args.lang) as bars:
        made = compare(
            args.before,
            args.after,
            args.out,
            keep_frames=args.aligned,
            same_unit=args.same_unit,
            radius=args.radius,
            reach=args.reach,
            progress=bars.listener("compare", False),
        )
    if args.json:
        print(json.dumps(summary(made.changes, made.first, made.second), ensure_ascii=False, indent=1))
    else:
        print(made.text(args.lang))
        print(made.folder / "report.html")
    return 0


def _draw(args: argparse.Namespace) -> int:
    import numpy as np

    from recon.draw import FORMATS, draw
    from recon.drawing import projection
    from recon.errors import check_range
    from recon.survey import read_survey

    formats = [name.strip() for name in args.format.split(",") if name.strip()]
    for name in formats:
        if name not in FORMATS:
            raise BadOptions("draw_format", name=name, formats=", ".join(FORMATS))
    check_range("--dpi", args.dpi, 20, 1200)
    check_range("--scale", args.scale or 1, 1)
    survey = read_survey(args.work)
    north = survey.north
    if args.north is not None:  # the plan's upper side is -Z, its right side +X
        north = np.array([-np.sin(np.radians(args.north)), 0, -np.cos(np.radians(args.north))])
    chosen = [projection.plan(survey, height, args.floor) for height in args.plan]
    chosen += [projection.section(where) for where in args.section]
    chosen += [projection.elevation(side, north) for side in args.elevation]
    chosen += [projection.top()] if args.top else []
    if not chosen:
        chosen = [projection.plan(survey, 1.2, args.floor), projection.elevation("front", north)]
    with Bars(args.lang) as bars:
        progress = bars.listener("draw", False)
        made = draw(
            survey,
            chosen,
            args.out,
            scale=args.scale,
            formats=formats,
            dpi=args.dpi,
            north=north,
            slab=args.slab,
            progress=progress,
        )
    for drawn in made:
        for file in drawn.files:
            print(file)
    return 0


class Bars:
    """Shows a progress bar for each stage on the terminal."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.console = Console(stderr=True)
        self.bars = Progress(
            TextColumn("{task.description}", markup=False, table_column=Column(min_width=12)),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}", markup=False),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
        )

    def __enter__(self) -> Bars:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def listener(self, stage: str, fresh: bool) -> _Bar:
        if fresh:
            self.print(say("cli.there_already", self.language, stage=self.name_of(stage)))
        return _Bar(self, stage)

    def name_of(self, stage: str) -> str:
        """A stage as its options call it and, in Chinese, what it does."""
        name = say(f"stage.{stage}", self.language)
        return name if name == stage else f"{stage} {name}"

    def print(self, text: str, style: str | None = None) -> None:
        """Print above the bars; what looks like markup in a name is text."""
        self.console.print(Text(text), style=style, highlight=False)


class _Bar:
    def __init__(self, owner: Bars, stage: str):
        self.owner = owner
        self.stage = stage
        self.task: TaskID | None = None

    def start(self, total: int, unit: str) -> None:
        fields: dict[str, Any] = {"unit": say(f"unit.{unit}", self.owner.language)}
        self.task = self.owner.bars.add_task(self.owner.name_of(self.stage), total=total, **fields)

    def advance(self, done: int = 1) -> None:
        if self.task is not None:
            self.owner.bars.advance(self.task, done)

    def fail(self, failed: int = 1) -> None:
        self.advance(failed)

    def warn(self, message: Message) -> None:
        self.owner.print(f"{self.stage}: {message.text(self.owner.language)}", style="yellow")
