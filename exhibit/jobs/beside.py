"""A worker beside the server: a process of its own, begun when there is a job to do, and gone when there is none.

So a curator's job is done without a second command, the server stays quick, and reconstruction's libraries take no
memory while nobody needs them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from exhibit.config import Config
from exhibit.db import Database
from exhibit.jobs import services

LOOK_SECONDS = 2.0
LONGEST_REST_SECONDS = 60.0  # after workers that broke
NICENESS = 10  # visitors come first
STOP_SECONDS = 20.0  # for a worker to hand its job back


@contextmanager
def worker_beside(config: Config, command: Sequence[str] | None = None) -> Iterator[None]:
    """Meanwhile have the jobs of the queue done by `command`, else by `exhibit work --once`."""
    own = [sys.executable, "-m", "exhibit", "--data", str(config.data.resolve()), "work", "--once"]
    stop = threading.Event()
    thread = threading.Thread(target=_keep, args=(config, command or own, stop), name="worker-beside", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep(config: Config, command: Sequence[str], stop: threading.Event) -> None:
    database, rest = Database(config.database_url), LOOK_SECONDS
    try:
        while not stop.wait(rest):
            if not _has_work(database):
                continue
            status = _run(command, stop)
            rest = LOOK_SECONDS if status == 0 else min(2 * rest, LONGEST_REST_SECONDS)
            if status and not stop.is_set():
                print(f"The worker stopped with status {status}; it is started again.", file=sys.stderr, flush=True)
    finally:
        database.close()


def _has_work(database: Database) -> bool:
    try:
        with database.reading() as session:
            return services.has_work(session)
    except SQLAlchemyError:
        return False  # the pages say what is wrong with the database


def _run(command: Sequence[str], stop: threading.Event) -> int:
    """The worker's exit status. Its own session keeps a terminal's Ctrl-C from it: it is asked to stop by SIGTERM."""
    worker = subprocess.Popen(command, start_new_session=True)
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, worker.pid, NICENESS)
    while worker.poll() is None:
        if stop.wait(LOOK_SECONDS / 4):
            worker.terminate()
            try:
                return worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:  # in a long step of a library: its job is taken up again all the same
                worker.kill()
    return worker.wait()
