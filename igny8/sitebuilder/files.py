"""Use cases of a site's own files: list, add, fetch, describe, remove.

A file is in its folder, whole, before the store has its row; a row goes before its file does. So
whatever is interrupted loses nothing, and the same command again finishes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context, record_event
from igny8.core.errors import Conflict, Igny8Error, InvalidInput, NotFound
from igny8.core.outcome import Outcome, Problem
from igny8.db import Session
from igny8.safety import paths
from igny8.safety.filetypes import judge
from igny8.sitebuilder import store, uploads
from igny8.sitebuilder.uploads import FileState, SiteFile

_MB = 1_000_000
_LONGEST_ALT = 500
_TEMPORARY = ".igny8-*.tmp"  # what `write_atomically` may leave in a killed process


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file that a site has now. `removed` names what an SVG had to lose."""

    file: SiteFile
    is_new: bool
    removed: tuple[str, ...] = ()


def site_files(ctx: Context, site_slug: str) -> list[SiteFile]:
    """All files of a site by path, with those that lie in its folder without a row."""
    site = accounts.site(ctx, site_slug, Need.READ)
    folder = _folder(ctx, site)
    with ctx.read() as session:
        known = store.files(session, site.id)
    found = [replace(file, state=_state(folder, file)) for file in known]
    rows = {file.path for file in known}
    for path in _regular_files(folder):
        name = path.relative_to(folder).as_posix()
        if name not in rows:
            size = path.stat().st_size
            found.append(SiteFile(name, uploads.url(name), "", size, state=FileState.LOOSE))
    return sorted(found, key=lambda file: file.path)


def add_site_files(
    ctx: Context,
    site_slug: str,
    sources: Sequence[Path],
    *,
    into: str = "",
    alt: str | None = None,
    is_replacing: bool = False,
) -> Outcome[AddedFile]:
    """Take files, and folders with all that is in them, into a site's folder `into`.

    What a file is, its bytes say; a picture must decode; an SVG loses what could run or fetch. A
    file that is there already stays as it is, one of other bytes is a conflict unless
    `is_replacing`. A file that can't be taken is a problem of its own and stops no other.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    if alt is not None:
        _check_alt(alt)
    adding = _Adding(ctx, site, alt, is_replacing)
    done: list[AddedFile] = []
    problems: list[Problem] = []
    with ctx.lock(f"files {site.slug}", "sitebuilder files add"):
        adding.begin()
        for source in sources:
            for path, name in _named(source, adding.folder):
                try:
                    done.append(adding.add(path, f"{into.strip('/')}/{name}".lstrip("/")))
                except Igny8Error as error:
                    problems.append(Problem.of(str(path), error))
    return Outcome(tuple(done), tuple(problems))


def site_file(ctx: Context, site_slug: str, name: str) -> tuple[SiteFile, Path]:
    """Return a file's facts, and where it lies. Raises NotFound, Conflict if it changed there."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        known = store.files(session, site.id)
    file = _one(known, name, site)
    location = paths.inside(_folder(ctx, site), file.path)
    digest = _digest(location)
    if digest is None:
        raise NotFound(f"`{file.path}` is gone from its folder", hint="add it again")
    if digest != file.sha256:
        raise Conflict(
            f"`{file.path}` changed since it was added",
            hint=f"igny8 sitebuilder files add --replace --site {site.slug} {location}",
        )
    return file, location


def describe_site_file(ctx: Context, site_slug: str, name: str, alt: str) -> SiteFile:
    """Give a file the text that stands for it where it can't be seen. Raises NotFound."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    _check_alt(alt)
    with ctx.write() as session:
        file = replace(_one(store.files(session, site.id), name, site), alt=alt)
        store.put_file(session, site.id, file)
        _record(ctx, session, site, "sitebuilder.file-described", file)
    return file


def remove_site_files(ctx: Context, site_slug: str, names: Sequence[str]) -> Outcome[str]:
    """Remove files by path or address; returns the paths. What is not there is a problem."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    folder = _folder(ctx, site)
    done: list[str] = []
    problems: list[Problem] = []
    with ctx.lock(f"files {site.slug}", "sitebuilder files remove"):
        for name in names:
            try:
                done.append(_remove(ctx, site, folder, name))
            except Igny8Error as error:
                problems.append(Problem.of(name, error))
    return Outcome(tuple(done), tuple(problems))


class _Adding:
    """One run of adding: what the site has so far, and how much may still come."""

    def __init__(self, ctx: Context, site: Site, alt: str | None, is_replacing: bool) -> None:
        self._ctx = ctx
        self._site = site
        self._alt = alt
        self._is_replacing = is_replacing
        self._limits = ctx.config.site(site.slug).settings.files
        self._known: dict[str, SiteFile] = {}
        self.folder = _folder(ctx, site)

    def begin(self) -> None:
        """Read what there is, and sweep up after a killed run. The lock is held."""
        with self._ctx.read() as session:
            self._known = {file.path: file for file in store.files(session, self._site.id)}
        for left in self.folder.rglob(_TEMPORARY):
            left.unlink(missing_ok=True)

    def add(self, source: Path, name: str) -> AddedFile:
        made = judge(_read(source, self._limits.max_mb * _MB))
        path = uploads.address(name, made.media_type)
        target = paths.inside(self.folder, path)
        old = self._known.get(path)
        file = SiteFile(
            path=path,
            url=uploads.url(path),
            media_type=made.media_type,
            size=len(made.data),
            width=made.width,
            height=made.height,
            alt=self._alt if self._alt is not None else old.alt if old else "",
            sha256=hashlib.sha256(made.data).hexdigest(),
            added_by=self._ctx.actor.email,
            added_at=self._ctx.clock.now(),
        )
        on_disk = _digest(target)
        is_same_row = old is not None and (old.sha256, old.alt) == (file.sha256, file.alt)
        if old is not None and is_same_row and on_disk == file.sha256:
            return AddedFile(old, is_new=False, removed=made.removed)
        self._check_free(file, old, None if _is_same(source, target) else on_disk)
        self._check_room(file, old)
        if on_disk != file.sha256:
            paths.write_atomically(target, made.data)
        with self._ctx.write() as session:
            store.put_file(session, self._site.id, file)
            _record(self._ctx, session, self._site, "sitebuilder.file-added", file)
        self._known[path] = file
        return AddedFile(file, is_new=True, removed=made.removed)

    def _check_free(self, file: SiteFile, old: SiteFile | None, on_disk: str | None) -> None:
        others = {old.sha256 if old else None, on_disk} - {None, file.sha256}
        if others and not self._is_replacing:
            raise Conflict(
                f"the site has another file at `{file.path}`",
                hint="give yours another name, or add --replace",
                code="sitebuilder.file-exists",
            )

    def _check_room(self, file: SiteFile, old: SiteFile | None) -> None:
        used = sum(each.size for each in self._known.values()) - (old.size if old else 0)
        if used + file.size > self._limits.quota_mb * _MB:
            raise Conflict(
                f"`{file.path}` has {file.size / _MB:.1f} MB; {used / _MB:.1f} of "
                f"{self._limits.quota_mb} MB are used",
                hint=f"remove files, or: igny8 site set {self._site.slug} files.quota_mb NUMBER",
                code="sitebuilder.quota-exceeded",
            )


def _remove(ctx: Context, site: Site, folder: Path, name: str) -> str:
    path = uploads.named(name)
    location = paths.inside(folder, path)
    with ctx.write() as session:
        known = store.files(session, site.id)
        file = next((each for each in known if each.path == path), None)
        if file is None and not location.is_file():
            _one(known, name, site)
        if file is not None:
            store.remove_file(session, site.id, path)
            _record(ctx, session, site, "sitebuilder.file-removed", file)
    location.unlink(missing_ok=True)
    for parent in location.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            break
        parent.rmdir()
    return path


def _one(known: Sequence[SiteFile], name: str, site: Site) -> SiteFile:
    path = uploads.named(name)
    for file in known:
        if file.path == path:
            return file
    raise NotFound.named(
        "file",
        path,
        [file.path for file in known],
        list_with=f"igny8 sitebuilder files list --site {site.slug}",
    )


def _folder(ctx: Context, site: Site) -> Path:
    return ctx.config.site_folder(site.slug) / uploads.FOLDER


def _record(ctx: Context, session: Session, site: Site, event: str, file: SiteFile) -> None:
    record_event(
        ctx,
        session,
        event,
        subject=site.id,
        site_id=site.id,
        path=file.path,
        sha256=file.sha256,
        alt=file.alt,
    )


def _state(folder: Path, file: SiteFile) -> FileState:
    """Judge by size: a list must not read gigabytes. Fetching a file reads all of it."""
    try:
        size = paths.inside(folder, file.path).stat().st_size
    except OSError:
        return FileState.MISSING
    return FileState.KEPT if size == file.size else FileState.CHANGED


def _regular_files(folder: Path) -> Iterator[Path]:
    """Files in a folder and those below, in order; hidden ones and links left out."""
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(p.startswith(".") for p in below):
            yield path


def _named(source: Path, folder: Path) -> Iterator[tuple[Path, str]]:
    """Files with the name that each asks for: a folder's with their place in it."""
    inside = source.resolve()
    if not source.is_dir():
        is_there = inside.is_relative_to(folder.resolve())
        yield source, inside.relative_to(folder.resolve()).as_posix() if is_there else source.name
        return
    root = inside if inside.is_relative_to(folder.resolve()) else inside.parent
    root = folder.resolve() if root == inside else root
    for path in _regular_files(inside):
        yield path, path.relative_to(root).as_posix()


def _read(source: Path, limit: int) -> bytes:
    try:
        with source.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no file {source}", hint="check the path") from None
    except OSError as error:
        raise InvalidInput(f"can't be read: {error.strerror}", file=str(source)) from error
    if len(data) > limit:
        raise InvalidInput(
            f"has more than {limit // _MB} MB",
            file=str(source),
            hint="make it smaller, or raise `files.max_mb` of the site",
        )
    return data


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _is_same(source: Path, target: Path) -> bool:
    return target.exists() and source.samefile(target)


def _check_alt(alt: str) -> None:
    if len(alt) > _LONGEST_ALT:
        raise InvalidInput(f"an alternative text has at most {_LONGEST_ALT} characters")
