"""The command `exhibit`: parses and prints; everything it does is done elsewhere."""

from __future__ import annotations

import argparse
import gc
import getpass
import os
import secrets
import signal
import sys
import threading
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from exhibit.config import KIOSK_SECONDS, Config
from exhibit.db import Database
from exhibit.documents.types import Text
from exhibit.errors import BadConfig, BadInput, ExhibitError
from exhibit.i18n import LANGUAGES
from exhibit.incoming import sweep
from exhibit.library import upload
from exhibit.library.bundle import UNITS_M, Told
from exhibit.library.origin import METHODS, USES
from exhibit.library.services import Outcome, get_asset
from exhibit.people import services as people
from exhibit.storage import Storage
from recon import LongyaoError
from recon.formats.scan_file import is_scan

_UNITS_OF_SCANS = {None: "auto", "m": "metre", "cm": "centimetre", "mm": "millimetre"}


def main(argv: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 2 after one sentence and a hint on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        config = Config.from_environment(data=arguments.data)
        status: int = arguments.run(arguments, config)
        return status
    except (ExhibitError, LongyaoError) as error:
        print(f"exhibit: {error.message()}\n  {error.hint()}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="exhibit", description="Longyao's exhibition server.")
    parser.add_argument("--version", action="version", version=f"longyao {version('longyao')}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (LONGYAO_DATA, else ./longyao-data)")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="create the data folder, its database and the curator's account")
    init.add_argument("--name", default="curator", help="the curator's name for signing in (default: curator)")
    _password_file(init)
    init.set_defaults(run=_init)

    password = commands.add_parser("password", help="give an account another password and sign it out everywhere")
    password.add_argument("--name", default="curator")
    _password_file(password)
    password.set_defaults(run=_password)

    add = commands.add_parser(
        "add", help="take a bundle, a model, points, splats, laser scans, a picture, a video or a sound in"
    )
    add.add_argument("source", type=Path, metavar="BUNDLE_OR_FILE")
    add.add_argument("--id", help="the asset's id; an asset that has it is replaced (default: made from the title)")
    add.add_argument("--title-zh", default="", help="for a bare file: its Chinese title (default: the file's name)")
    add.add_argument("--title-en", default="", help="for a bare file: its English title (default: the file's name)")
    add.add_argument(
        "--method", choices=METHODS, help="for a bare file: how it was made (default: not stated; of scans: scan)"
    )
    add.add_argument("--use", choices=USES, default="exhibit", help="what it is used for (default: exhibit)")
    add.add_argument("--metres", dest="unit", action="store_const", const="m", help="the same as --unit m")
    add.add_argument(
        "--unit",
        choices=UNITS_M,
        help="a model's or cloud's true unit (default: it has no scale; of scans: as they say)",
    )
    add.add_argument("--still", type=Path, metavar="PICTURE", help="for a video or sound: shown before it plays")
    for language in LANGUAGES:
        add.add_argument(
            f"--captions-{language}", type=Path, metavar="VTT", help="for a video or sound: its words as WebVTT"
        )
    add.set_defaults(run=_add)

    serve = commands.add_parser("serve", help="show the exhibition")
    serve.add_argument("--listen", metavar="HOST:PORT", help="LONGYAO_LISTEN, else 127.0.0.1:8000")
    serve.add_argument(
        "--kiosk",
        type=int,
        nargs="?",
        const=KIOSK_SECONDS,
        metavar="SECONDS",
        help="for a public screen: no way out, and it begins anew after so long without anyone (default: 90)",
    )
    serve.add_argument(
        "--no-worker",
        action="store_true",
        help="leave the jobs to `exhibit work`; else they are done beside the server",
    )
    serve.set_defaults(run=_serve)

    work = commands.add_parser("work", help="do the reconstructions and build the halls that curators ask for")
    work.add_argument("--once", action="store_true", help="stop when the queue is empty")
    work.set_defaults(run=_work)
    return parser


def _password_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="its first line is the password")


def _init(arguments: argparse.Namespace, config: Config) -> int:
    if config.secret_key_file.exists():
        open_data(config, migrate=True)[0].close()
        print(f"{config.data} is ready; its database has this version's tables.")
        return 0
    password, shown = _new_password(arguments.password_file)
    try:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        Storage(config.files_folder).create()
    except OSError as error:
        raise BadConfig("data_folder", folder=config.data, reason=error.strerror) from None
    database = Database(config.database_url)
    database.migrate()
    with database.writing() as session:
        people.create_account(session, arguments.name, password)
    database.close()
    _write_secret(config.secret_key_file)  # last: its presence says that the folder is complete
    print(f"{config.data} is ready. Curator: {arguments.name}")
    if shown:
        print(f"Password (shown this once): {password}")
    return 0


def _password(arguments: argparse.Namespace, config: Config) -> int:
    database, _ = open_data(config)
    password, shown = _new_password(arguments.password_file)
    with database.writing() as session:
        people.set_password(session, arguments.name, password)
    database.close()
    print(f"{arguments.name} has a new password." + (f"\nPassword (shown this once): {password}" if shown else ""))
    return 0


def _add(arguments: argparse.Namespace, config: Config) -> int:
    source: Path = arguments.source
    if not source.exists():
        raise BadInput("no_such_file", file=source)
    given = {language: getattr(arguments, f"captions_{language}") for language in LANGUAGES}
    captions: dict[str, Path] = {language: file for language, file in given.items() if file is not None}
    for file in (arguments.still, *captions.values()):
        if file is not None and not file.is_file():
            raise BadInput("no_such_file", file=file)
    database, storage = open_data(config)
    title: Text = {"zh": arguments.title_zh, "en": arguments.title_en}
    scanned = _are_scans(source)
    told = Told(
        title if any(title.values()) else {"zh": source.stem, "en": source.stem},
        arguments.method or ("scan" if scanned else "not-stated"),
        in_metres=scanned or arguments.unit is not None,
        unit_m=UNITS_M.get(arguments.unit, 1.0),
        use=arguments.use,
        still=arguments.still,
        captions=captions,
    )
    if scanned:
        asset_id, outcome = _add_scans(arguments, told, config, database, storage)
    else:
        asset_id, outcome = upload.add(source, told, config, database, storage, asset_id=arguments.id)
    with database.reading() as session:
        warnings = get_asset(session, asset_id).document.get("warnings", [])
    database.close()
    print(f"{asset_id}: {outcome}")
    for warning in warnings:
        print(f"  {warning['zh']}\n  {warning['en']}" if isinstance(warning, dict) else f"  {warning}")
    return 0


def _are_scans(source: Path) -> bool:
    """Laser scans: a file of them, or a folder that has some and is no bundle. A PLY is points or a mesh, as ever."""
    if source.is_file():
        return source.suffix.lower() != ".ply" and is_scan(source)
    files = [path for path in source.rglob("*") if path.is_file()]
    return not any(path.name == "asset.json" for path in files) and any(map(is_scan, files))


def _add_scans(
    arguments: argparse.Namespace, told: Told, config: Config, database: Database, storage: Storage
) -> tuple[str, Outcome]:
    """What the desk's job makes of scans, while one waits."""
    from exhibit.jobs import worker

    listener = worker.Listener(lambda stage: print(f"  {stage} …", file=sys.stderr, flush=True))
    unit = _UNITS_OF_SCANS[arguments.unit]
    try:
        told = replace(told, unit_m=1.0)  # recon turns all into metres
        return worker.add_scans(
            arguments.source, told, config, database, storage, unit=unit, asset_id=arguments.id, listener=listener
        )
    finally:
        for warning in listener.warnings:
            print(f"  {warning['zh']}\n  {warning['en']}", file=sys.stderr)


def _serve(arguments: argparse.Namespace, config: Config) -> int:
    from exhibit import create_app
    from exhibit.jobs.beside import worker_beside
    from exhibit.serving import create_server

    listen = arguments.listen or config.listen
    if arguments.kiosk is not None:
        config = replace(config, kiosk_seconds=arguments.kiosk)
    app = create_app(config)
    server = create_server(app, config, listen)
    _sweep(config)
    signal.signal(signal.SIGTERM, _interrupt)
    prefix = f"{config.prefix.strip('/')}/".lstrip("/")
    at = f"http://{listen.rpartition(':')[0]}:{server.effective_port}/{prefix}"
    print(f"Longyao shows its halls at {at} and its desk at {at}desk (Ctrl-C stops it)", flush=True)
    gc.freeze()  # what has been loaded by now stays: no request need wait until it is looked through
    with nullcontext() if arguments.no_worker else worker_beside(config):
        server.run()
    return 0


def _work(arguments: argparse.Namespace, config: Config) -> int:
    import recon
    from exhibit.halls.building import build_hall
    from exhibit.jobs import worker

    open_data(config)[0].close()
    _sweep(config)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    num_done = worker.work(config, recon.build, build_hall, once=arguments.once, stop=stop)
    print(f"{num_done} done.")
    return 0


def _sweep(config: Config) -> None:
    """Remove what processes left in the data folder that were killed at work, and say so."""
    left = [*sweep(config.incoming_folder), *Storage(config.files_folder).sweep()]
    if left:
        print(f"Removed {len(left)} unfinished upload(s) of a process that was killed.", flush=True)


def open_data(config: Config, *, migrate: bool = False) -> tuple[Database, Storage]:
    """The database and files of an initialised data folder. Raises BadConfig."""
    if not config.secret_key_file.is_file():
        raise BadConfig("not_initialised", folder=config.data)
    database, storage = Database(config.database_url), Storage(config.files_folder)
    if migrate:
        storage.create()
        database.migrate()
    database.check()
    return database, storage


def _new_password(file: Path | None) -> tuple[str, bool]:
    """(password, whether to show it): from the file, else asked for, else made up where nobody can be asked."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise BadInput("no_such_file", file=file) from None
        password, shown = lines[0] if lines else "", False
    elif sys.stdin.isatty():
        password, shown = getpass.getpass("Password of the curator: "), False
        if getpass.getpass("Once more: ") != password:
            raise BadInput("password_twice")
    else:
        password, shown = secrets.token_urlsafe(15), True
    people.check_password(password)
    return password, shown


def _write_secret(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as target:
        target.write(secrets.token_hex(32))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
