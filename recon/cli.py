"""The command `recon`: parses and prints, nothing else."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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

from recon.errors import LongyaoError

BAD_INPUT, STOPPED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except LongyaoError as problem:
        print(f"recon: {problem.message} {problem.hint}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("recon: stopped; run the same command again to go on where it was.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    from recon.formats import photo_formats

    formats = ", ".join(photo_formats.names())
    parser = argparse.ArgumentParser(prog="recon", description="Photographs in, glTF out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="rebuild a folder of photos as a textured glTF")
    command.add_argument("source", type=Path, metavar="SOURCE", help=f"folder of photos ({formats})")
    command.add_argument("--work", type=Path, required=True, help="folder of this reconstruction; made if missing")
    _choices(command)
    command.add_argument(
        "--hold-out", default="", metavar="A.jpg,B.jpg", help="place these photos but keep them from depth and texture"
    )
    command.set_defaults(run=_build)

    command = commands.add_parser("plan", help="predict time, memory and disk")
    command.add_argument("source", type=Path, metavar="SOURCE")
    _choices(command)
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_plan)

    command = commands.add_parser("inspect", help="tell what is in a photo, model, cloud or workspace")
    command.add_argument("path", type=Path, metavar="FILE_OR_WORK")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=_inspect)

    command = commands.add_parser("view", help="show cameras, cloud and mesh in a window")
    command.add_argument("work", type=Path, metavar="WORK")
    command.add_argument("--picture", type=Path, metavar="OUT.png", help="write a picture instead of opening a window")
    command.set_defaults(run=_view)
    return parser


def _choices(command: argparse.ArgumentParser) -> None:
    command.add_argument("--preset", default="object", help="object, room, building or drone")
    command.add_argument("--set", action="append", default=[], metavar="STAGE.OPTION=VALUE", dest="settings")


def _build(args: argparse.Namespace) -> int:
    from recon.pipeline.from_photos import build

    with Bars() as bars:
        bundle = build(
            args.source,
            args.work,
            preset=args.preset,
            settings=args.settings,
            hold_out=[n for n in args.hold_out.split(",") if n],
            listener=bars.listener,
        )
    print(bundle.model)
    return 0


def _plan(args: argparse.Namespace) -> int:
    from recon import budget
    from recon.options import Options

    costs = budget.plan(args.source, Options.gather(args.preset, None, args.settings))
    total = {
        "cpu_seconds": round(sum(c.cpu_seconds for c in costs)),
        "peak_memory_mb": round(max(c.memory_mb for c in costs)),
        "disk_mb": round(sum(c.disk_mb for c in costs)),
    }
    if args.json:
        print(
            json.dumps(
                {
                    "stages": {
                        c.stage: {
                            "cpu_seconds": round(c.cpu_seconds, 1),
                            "memory_mb": round(c.memory_mb),
                            "disk_mb": round(c.disk_mb),
                        }
                        for c in costs
                    },
                    "total": total,
                }
            )
        )
        return 0
    print(f"{'stage':10}{'CPU s':>8}{'MB memory':>12}{'MB disk':>10}")
    for cost in costs:
        print(f"{cost.stage:10}{cost.cpu_seconds:8.0f}{cost.memory_mb:12.0f}{cost.disk_mb:10.0f}")
    print(f"{'in all':10}{total['cpu_seconds']:8}{total['peak_memory_mb']:12}{total['disk_mb']:10}")
    return 0


def _inspect(args: argparse.Namespace) -> int:
    from recon.inspect import as_text, inspect

    found = inspect(args.path)
    print(json.dumps(found, ensure_ascii=False, indent=1) if args.json else as_text(found))
    return 0


def _view(args: argparse.Namespace) -> int:
    from recon.view import view

    view(args.work, args.picture)
    return 0


class Bars:
    """Shows a progress bar for each stage on the terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        self.bars = Progress(
            TextColumn("{task.description:10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
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
            self.console.print(f"{stage:10} is there already")
        return _Bar(self, stage)


class _Bar:
    def __init__(self, owner: Bars, stage: str):
        self.owner = owner
        self.stage = stage
        self.task: TaskID | None = None

    def start(self, total: int, unit: str) -> None:
        fields: dict[str, Any] = {"unit": f"{unit}s"}
        self.task = self.owner.bars.add_task(self.stage, total=total, **fields)

    def advance(self, done: int = 1) -> None:
        if self.task is not None:
            self.owner.bars.advance(self.task, done)

    def fail(self, failed: int = 1) -> None:
        self.advance(failed)

    def warn(self, message: str) -> None:
        self.owner.console.print(f"[yellow]{self.stage}: {message}[/yellow]")
