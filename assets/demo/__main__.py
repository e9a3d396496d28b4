"""The commands of the demonstration, for scripts/demo: `python -m assets.demo COMMAND`, run in the checkout."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assets.demo.errors import DemoError
from assets.demo.models import write_all
from assets.demo.seed import LIGHTS, seed
from exhibit.cli import open_data
from exhibit.config import Config
from exhibit.errors import ExhibitError
from recon.cli import Bars
from recon.errors import LongyaoError

BAD_INPUT, STOPPED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0, or 2 after one sentence and a hint on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except LongyaoError as problem:
        print(f"demo: {problem.message()} {problem.hint()}", file=sys.stderr)
        return BAD_INPUT
    except ExhibitError as problem:
        print(f"demo: {problem.message()} {problem.hint()}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return STOPPED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assets.demo", description="Longyao's demonstration.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    make = commands.add_parser("make", help="make the bundles of all objects and recordings, and photos of the kiln")
    make.add_argument("out", type=Path, metavar="OUT")
    make.add_argument("--photos", type=int, default=24, help="how many photographs are rendered")
    make.add_argument("--width", type=int, default=1280, help="of a photograph, px")
    make.set_defaults(run=_make)

    publish = commands.add_parser("seed", help="compose and publish the demonstration's halls from asset bundles")
    publish.add_argument("bundles", nargs="*", metavar="ID=BUNDLE")
    publish.add_argument("--data", type=Path, metavar="DIR", help="the data folder (LONGYAO_DATA, else ./longyao-data)")
    publish.add_argument("--models", type=Path, metavar="DIR", help="a folder of bundles named by their ids")
    publish.add_argument("--hall", action="append", default=[], metavar="SLUG", help="compose only this (repeatable)")
    publish.add_argument("--light", choices=LIGHTS, default="draft", help="quality of the baked light (default: draft)")
    publish.add_argument("--replace", action="store_true", help="overwrite what a curator has changed in the halls")
    publish.set_defaults(run=_seed)
    return parser


def _make(arguments: argparse.Namespace) -> None:
    with Bars("en") as bars:
        write_all(
            arguments.out,
            num_photos=arguments.photos,
            width=arguments.width,
            modelling=bars.listener("models", False),
            photographing=bars.listener("photographs", False),
        )
    print(arguments.out)


def _seed(arguments: argparse.Namespace) -> None:
    bundles: dict[str, Path] = {}
    for pair in arguments.bundles:
        asset_id, sign, folder = pair.partition("=")
        if not sign or not folder or asset_id in bundles:
            raise DemoError(
                f"'{pair}' is not ID=BUNDLE, or its id is given twice.",
                hint="Write for example dragon-kiln=demo-work/kiln/gltf.",
            )
        bundles[asset_id] = Path(folder)
    for source in (*bundles.values(), *filter(None, [arguments.models])):
        if not source.exists():
            raise DemoError(f"{source} does not exist.", hint="Check its spelling.")
    database, storage = open_data(config := Config.from_environment(data=arguments.data))
    outcomes = seed(
        bundles,
        config,
        database,
        storage,
        models=arguments.models,
        halls=arguments.hall,
        light=arguments.light,
        replace=arguments.replace,
    )
    database.close()
    for slug, outcome in outcomes.items():
        print(f"/halls/{slug}: {outcome}")


if __name__ == "__main__":
    sys.exit(main())
