"""What a finished build left in its folder: every file, and the facts that each was made of.

`.igny8-manifest.json`, written last and whole. It makes the next build quick, never different: a
build without it makes the same files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from igny8.core.errors import InvalidInput
from igny8.core.outcome import Problem
from igny8.renderer.types import Unresolved

MANIFEST = ".igny8-manifest.json"
JOURNAL = ".igny8-journal"
PART = ".igny8-part"
_SCHEMA = 3


class Entry(NamedTuple):
    """One file: SHA-256, size in bytes, time of change in nanoseconds as its folder tells it."""

    sha256: str
    size: int
    changed_at: int = 0


@dataclass(slots=True)
class Manifest:
    """A build's files, and what they were made of.

    `facts` maps keys (see `SiteIndex.uses`) to what they stood for; `uses` a path to the numbers of
    its keys in the order of `facts`; `digest` stands for what all pages share; `unresolved` maps a
    path to its links that lead nowhere, `loose` are those of the whole site; `inputs` tells whether
    anything at all has changed.
    """

    files: dict[str, Entry] = field(default_factory=dict)
    digest: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    unresolved: dict[str, list[Unresolved]] = field(default_factory=dict)
    inputs: str = ""
    page_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    loose: list[Unresolved] = field(default_factory=list)

    def stale(self, changed: Iterable[str]) -> set[str]:
        """Return the paths that were made of any of these facts."""
        wanted = set(changed)
        numbers = {str(n) for n, key in enumerate(self.facts) if key in wanted}
        if not numbers:
            return set()
        return {p for p, used in self.uses.items() if not numbers.isdisjoint(used.split())}

    def number_uses(self, path: str, keys: Iterable[str], numbers: dict[str, int]) -> None:
        """Record what a path was made of. `numbers` are the keys of `facts` with their places."""
        found = []
        for key in keys:
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(numbers)
                self.facts[key] = ""
            found.append(number)
        self.uses[path] = " ".join(map(str, sorted(found)))


def load(out: Path) -> Manifest:
    """Return what the last finished build left; empty when there was none. Raises InvalidInput."""
    try:
        data = json.loads((out / MANIFEST).read_bytes())
        if data["schema"] != _SCHEMA:
            return Manifest(files={path: Entry("", -1) for path in data["files"]})
        return Manifest(
            files={path: Entry(*entry) for path, entry in data["files"].items()},
            digest=str(data["digest"]),
            facts=dict(zip(data["facts"][::2], data["facts"][1::2], strict=True)),
            uses=dict(data["uses"]),
            unresolved={
                path: [Unresolved(page, target) for page, target in links]
                for path, links in data["unresolved"].items()
            },
            inputs=str(data["inputs"]),
            page_count=int(data["page_count"]),
            problems=[Problem(*each) for each in data["problems"]],
            loose=[Unresolved(page, target) for page, target in data["loose"]],
        )
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"the manifest does not read: {error}",
            file=str(out / MANIFEST),
            hint="build into a new folder, or delete this one if nothing else is in it",
        ) from None


def save(out: Path, manifest: Manifest) -> None:
    """Write it beside, then put it in its place."""
    data = {
        "schema": _SCHEMA,
        "inputs": manifest.inputs,
        "page_count": manifest.page_count,
        "problems": [[p.code, p.where, p.message, p.hint] for p in manifest.problems],
        "loose": [[each.page_id, each.target] for each in manifest.loose],
        "digest": manifest.digest,
        "files": {p: [e.sha256, e.size, e.changed_at] for p, e in sorted(manifest.files.items())},
        "facts": [part for pair in manifest.facts.items() for part in pair],
        "uses": manifest.uses,
        "unresolved": {
            path: [[each.page_id, each.target] for each in links]
            for path, links in sorted(manifest.unresolved.items())
        },
    }
    part = out / PART
    part.write_bytes(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())
    part.replace(out / MANIFEST)


def read_files(out: Path) -> Mapping[str, Entry]:
    """Return the files of the last finished build, by path. Raises InvalidInput."""
    return load(out).files


def checked(path: str) -> str:
    """Return a path that stays inside the folder and is not one of our own. Raises InvalidInput."""
    parts = path.split("/")
    if not path or path in _OWN or {"", ".", ".."} & set(parts) or "\0" in path or "\n" in path:
        raise InvalidInput(f"`{path}` is not a path inside the output folder")
    return path


_OWN = frozenset({MANIFEST, JOURNAL, PART})
