"""Runs commands in processes of their own that kill themselves at the n-th point of no return.

A point lies before and after each commit, fsync and rename: where something becomes lasting. One
process imports igny8 once and forks for each command, which spares most of a run's time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SITE = "shop"
KILLED = -9
_SERVER = """
import json, os, signal, sys
import sqlalchemy.orm as orm
import igny8.pipeline, igny8.schema, igny8.workspace
from igny8.cli.root import app

def watch(point):
    passed = [0]

    def pass_point():
        passed[0] += 1
        if passed[0] == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(function):
        def call(*args, **kwargs):
            pass_point()
            result = function(*args, **kwargs)
            pass_point()
            return result
        return call

    orm.Session.commit = watched(orm.Session.commit)
    os.replace, os.fsync = watched(os.replace), watched(os.fsync)
    os.rename, os.symlink = watched(os.rename), watched(os.symlink)
    return passed

def child(order):
    os.chdir(order["folder"])
    for number, name in (1, "out"), (2, "err"):
        os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    sys.argv = ["igny8", *order["words"]]
    passed = watch(order["point"])
    try:
        app(order["words"])
    except SystemExit as leaving:
        status = leaving.code or 0
    except BaseException as error:
        status = 70
        print(repr(error), file=sys.stderr)
    print("points", passed[0], file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

for line in sys.stdin:
    if not (process := os.fork()):
        child(json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended; `points` only if it was not killed."""

    status: int
    out: str
    err: str

    @property
    def points(self) -> int:
        return int(self.err.rsplit("points ", 1)[1])


class Killer:
    """Starts commands. `point` is where the command kills itself; 0 is never."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        scrubbed = {name: v for name, v in os.environ.items() if not name.startswith("IGNY8_")}
        self._server = subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=scrubbed,
        )

    def run(self, workspace: Path, *words: str, point: int = 0) -> Ended:
        """Run `igny8 WORDS` in the workspace and wait for its end."""
        out, err = self._folder / "out", self._folder / "err"
        order = {"words": words, "point": point, "folder": str(workspace)}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps({**order, "out": str(out), "err": str(err)}) + "\n")
        self._server.stdin.flush()
        status = int(self._server.stdout.readline())
        return Ended(status, out.read_text(), err.read_text())

    def close(self) -> None:
        """End the process that forks."""
        self._server.communicate(timeout=20)
