"""Text from a file, standard input or the person's editor. What it says its caller checks."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from igny8.cli.command import Cli
from igny8.core.errors import InvalidInput, UsageError


def text_from(cli: Cli, source: Path | None, current: str, suffix: str = ".md") -> str:
    """Return the text of `source` (`-` is standard input), or `current` as edited by the person.

    Raises UsageError where nobody can be asked, InvalidInput for a file that is no text.
    """
    if source is not None:
        return _read(source)
    if not cli.may_ask or not sys.stdin.isatty():
        raise UsageError("there is no terminal to edit at", hint="name a file with --from FILE")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"edit{suffix}"
        path.write_text(current, encoding="utf-8")
        _edit(path)
        return _read(path)


def _edit(path: Path) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(editor), str(path)], check=True)  # noqa: S603
    except FileNotFoundError as error:
        raise UsageError(f"the editor `{editor}` is not installed", hint="set EDITOR") from error
    except subprocess.CalledProcessError as error:
        raise UsageError(
            f"the editor ended with status {error.returncode}; kept as it was"
        ) from error


def _read(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8")
    except FileNotFoundError:
        raise InvalidInput(f"{path} does not exist") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path} is a folder", hint="name a file") from None
    except UnicodeDecodeError as error:
        raise InvalidInput("this is no UTF-8 text", file=str(path)) from error
