"""Use cases of content: list, show, review, edit, import, export. Making it is `generation`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context, record_event
from igny8.core.errors import Conflict, Igny8Error, InvalidInput, NotFound
from igny8.core.outcome import Outcome, Problem
from igny8.db import Session
from igny8.jobs import events
from igny8.safety.paths import write_atomically
from igny8.writer import exchange, store
from igny8.writer.files import content_files, read_text
from igny8.writer.generation import recheck
from igny8.writer.types import (
    Content,
    EntityType,
    Linking,
    NewContent,
    Optimization,
    Source,
    Stage,
    Status,
    SyncStatus,
    Task,
    Version,
)

_CHUNK = 200
_FOLDERS = {
    EntityType.POST: "posts",
    EntityType.PAGE: "pages",
    EntityType.PRODUCT: "products",
    EntityType.SERVICE: "services",
    EntityType.TAXONOMY: "taxonomies",
}


def contents(  # noqa: PLR0913
    ctx: Context,
    site_slug: str,
    *,
    status: Status | None = None,
    entity_type: EntityType | None = None,
    source: Source | None = None,
    sync_status: SyncStatus | None = None,
    linking: Linking | None = None,
    optimization: Optimization | None = None,
    stage: Stage | None = None,
) -> list[Content]:
    """A site's items by slug, those that pass every filter given."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        found = store.contents(session, site.id, statuses=[status] if status else ())
    wanted = {
        "entity_type": entity_type,
        "source": source,
        "sync_status": sync_status,
        "linking": linking,
        "optimization": optimization,
        "stage": stage,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return [c for c in found if all(getattr(c, name) == value for name, value in given.items())]


def content(ctx: Context, site_slug: str, name: str) -> Content:
    """One item of a site by id or slug."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.content_named(session, site.id, name)


def tasks(ctx: Context, site_slug: str) -> list[Task]:
    """A site's writing tasks, oldest first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.tasks(session, site.id)


def versions(ctx: Context, site_slug: str, name: str) -> list[Version]:
    """Earlier forms of an item, oldest first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.versions(session, store.content_named(session, site.id, name).id)


def approve(ctx: Context, site_slug: str, names: Sequence[str] = ()) -> Outcome[Content]:
    """Approve items by name, or every draft and item in review. Unverified facts block one."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.read() as session:
        if names:
            found = [store.content_named(session, site.id, name) for name in names]
        else:
            found = store.contents(session, site.id, statuses=(Status.DRAFT, Status.IN_REVIEW))
    done, problems = [], []
    for item in found:
        if item.status in (Status.APPROVED, Status.PUBLISHED):
            continue
        try:
            done.append(move(ctx, site, item, Status.APPROVED))
        except Conflict as conflict:
            problems.append(Problem.of(item.slug, conflict))
    return Outcome(tuple(done), tuple(problems))


def set_status(
    ctx: Context, site_slug: str, name: str, status: Status, *, reason: str = ""
) -> Content:
    """Move one item's editorial status, as the table of moves allows."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.read() as session:
        item = store.content_named(session, site.id, name)
    return move(ctx, site, item, status, reason=reason)


def move(ctx: Context, site: Site, item: Content, status: Status, *, reason: str = "") -> Content:
    """Move one item and record it."""
    with ctx.write() as session:
        moved = store.move(session, item.id, status, ctx.clock.now())
        if moved.status is not item.status:
            record_event(
                ctx,
                session,
                f"writer.content-{status}",
                subject=item.id,
                site_id=site.id,
                reason=reason,
            )
    return moved


def edit(ctx: Context, site_slug: str, name: str, text: str) -> Content:
    """Replace an item by a file's text: front matter and body, as `writer show --raw` prints it.

    A key left out is emptied, save title, slug and type; the status is changed by `approve` and
    `reject` only. Entries taken out of `unverified` are facts that the editor vouches for. A slug
    that visitors may know becomes one of the item's `aliases`, which lead to its page.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.read() as session:
        item = store.content_named(session, site.id, name)
    new = exchange.from_file(f"{item.slug}{_suffix(item)}", text, locale=item.locale, old=item)
    fields = {**_fields(new), "slug": new.slug}
    with ctx.write() as session:
        if new.slug != item.slug:
            if new.slug in store.taken_slugs(session, site.id, item.locale, item.parent_id):
                raise Conflict(f"slug `{new.slug}` is taken on this site")
            if _was_out(session, item):
                fields["extra"] = {**fields["extra"], "aliases": _former(new, item.slug)}
        changed = store.revise(
            session,
            item.id,
            by=ctx.actor.email,
            reason="edited",
            at=ctx.clock.now(),
            fields=fields,
        )
        if changed.version != item.version:
            record_event(ctx, session, "writer.content-edited", subject=item.id, site_id=site.id)
    return changed


def _was_out(session: Session, item: Content) -> bool:
    """Whether visitors may know its address: it is public, or once was."""
    public = (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED)
    moves = {f"writer.content-{status}" for status in public}
    found = events(session, subject=item.id, limit=0)
    return item.status in public or any(each.event in moves for each in found)


def _former(new: NewContent, slug: str) -> list[Any]:
    """The aliases of an item whose slug was `slug`: a build leads them to its page."""
    said = (new.extra or {}).get("aliases") or []
    known = said if isinstance(said, list) else [said]
    return [*(each for each in known if each not in (slug, new.slug)), slug]


def restore(ctx: Context, site_slug: str, name: str, number: int) -> Content:
    """Bring an earlier version back, as a new version; a draft's facts are checked anew."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.read() as session:
        item = store.content_named(session, site.id, name)
        known = {version.number: version for version in store.versions(session, item.id)}
    if number not in known:
        raise NotFound(
            f"`{item.slug}` has no version {number}",
            hint=f"see `igny8 writer versions {item.slug} --site {site.slug}`",
        )
    wanted = known[number]
    unverified = recheck(ctx, site, item, wanted.body)
    with ctx.write() as session:
        restored = store.revise(
            session,
            item.id,
            by=ctx.actor.email,
            reason=f"restored version {number}",
            at=ctx.clock.now(),
            fields={
                "title": wanted.title,
                "body": wanted.body,
                "meta_title": wanted.meta_title,
                "meta_description": wanted.meta_description,
                "unverified": unverified,
            },
        )
        record_event(
            ctx,
            session,
            "writer.content-restored",
            subject=item.id,
            site_id=site.id,
            version=number,
        )
    return restored


def import_files(
    ctx: Context,
    site_slug: str,
    path: Path,
    *,
    status: Status | None = None,
    source: Source | None = None,
    entity_type: EntityType | None = None,
    dry_run: bool = False,
) -> Outcome[tuple[str, str]]:
    """Import a Markdown or HTML file, or a folder of them, into a site.

    Returns (slug, added | updated | unchanged) for each. An item is known by its slug: a changed
    file becomes a new version, an equal one changes nothing; an item's status stays as it is. A
    file that can't be read, or has the slug of one before it, is a problem; the others go in.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    locale = ctx.config.site(site_slug).identity.locale
    files = _files(path)
    done: list[tuple[str, str]] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], str] = {}
    with ctx.lock(f"site {site.slug}", f"writer import {path}"):
        for start in range(0, len(files), _CHUNK):
            chunk: list[tuple[str, NewContent]] = []
            for name, file in files[start : start + _CHUNK]:
                try:
                    new = exchange.from_file(
                        name,
                        read_text(file, name),
                        locale=locale,
                        status=status,
                        source=source,
                        entity_type=entity_type,
                    )
                    _refuse_twin(seen, name, new)
                except Igny8Error as error:
                    problems.append(Problem.of(name, error))
                else:
                    chunk.append((name, new))
            saved = (_previewed if dry_run else _saved)(ctx, site, chunk)
            done += saved.done
            problems += saved.problems
            ctx.report.step("import", min(start + _CHUNK, len(files)), len(files))
    return Outcome(tuple(done), tuple(problems))


def export_files(ctx: Context, site_slug: str, folder: Path | None = None) -> list[Path]:
    """Write a site's items to `sites/<site>/content/<type>/<slug>.md`. Returns changed files.

    Items in another language than the site's go into `<type>/<locale>/`.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    root = folder or ctx.config.site_folder(site.slug) / "content"
    own = ctx.config.site(site.slug).identity.locale
    with ctx.read() as session:
        items = store.contents(session, site.id)
    changed = []
    paths: dict[str, Path] = {}
    for item in items:
        kind = root / _FOLDERS[item.entity_type]
        path = (kind if item.locale == own else kind / item.locale) / f"{item.slug}{_suffix(item)}"
        paths[item.id] = path
        data = exchange.to_file(item).encode()
        if not path.exists() or path.read_bytes() != data:
            write_atomically(path, data)
            changed.append(path)
    return changed + _moved(root, paths)


def _moved(root: Path, paths: Mapping[str, Path]) -> list[Path]:
    """Remove the files of items that have another path now. Returns them."""
    removed = []
    for name, path in content_files(root) if root.is_dir() else ():
        try:
            id_ = exchange.from_file(name, read_text(path, name), locale="en").id
        except InvalidInput:
            continue  # a person's half-written file
        if id_ in paths and path != paths[id_].resolve():
            path.unlink()
            removed.append(path)
    return removed


def _suffix(item: Content) -> str:
    return ".html" if item.body_format == "html" else ".md"


def _refuse_twin(seen: dict[tuple[str, str], str], name: str, new: NewContent) -> None:
    first = seen.setdefault((new.locale, new.slug), name)
    if first != name:
        raise Conflict(
            f"slug `{new.slug}` is also that of {first}",
            hint="give one of them a `slug` of its own",
            code="writer.twin-slug",
        )


def _previewed(
    ctx: Context, site: Site, chunk: Sequence[tuple[str, NewContent]]
) -> Outcome[tuple[str, str]]:
    with ctx.read() as session:
        known = store.by_slug(session, site.id, [new.slug for _, new in chunk])
    return Outcome(
        tuple((new.slug, _verdict(known.get((new.locale, new.slug)), new)) for _, new in chunk)
    )


def _saved(
    ctx: Context, site: Site, chunk: Sequence[tuple[str, NewContent]]
) -> Outcome[tuple[str, str]]:
    """One transaction for the chunk: a kill leaves whole chunks, and a second run the rest."""
    done, problems = [], []
    with ctx.write() as session:
        known = store.by_slug(session, site.id, [new.slug for _, new in chunk])
        for name, new in chunk:
            old = known.get((new.locale, new.slug))
            verdict = _verdict(old, new)
            try:
                # A body that can't be rendered takes back its own rows only.
                with session.begin_nested():
                    _save(ctx, session, site, old, new, verdict)
            except Igny8Error as error:
                problems.append(Problem.of(name, error))
            else:
                done.append((new.slug, verdict))
    return Outcome(tuple(done), tuple(problems))


def _save(
    ctx: Context, session: Session, site: Site, old: Content | None, new: NewContent, verdict: str
) -> None:
    now = ctx.clock.now()
    if old is None:
        saved = store.add_content(session, site.id, new, now)
    elif verdict == "updated":
        saved = store.revise(
            session,
            old.id,
            by=ctx.actor.email,
            reason="imported again",
            at=now,
            fields=_fields(new),
        )
    else:
        return
    record_event(ctx, session, "writer.content-imported", subject=saved.id, site_id=site.id)


def _verdict(old: Content | None, new: NewContent) -> str:
    if old is None:
        return "added"
    fields = _fields(new)
    stored = {name: getattr(old, name) for name in fields}
    stored = {k: list(v) if isinstance(v, tuple) else v for k, v in stored.items()}
    return "unchanged" if fields == stored else "updated"


def _fields(new: NewContent) -> dict[str, Any]:
    """What a file says of an item, besides where it comes from and its status."""
    return {
        "title": new.title,
        "body": new.body,
        "body_format": new.body_format,
        "entity_type": new.entity_type,
        "meta_title": new.meta_title,
        "meta_description": new.meta_description,
        "keywords": list(new.keywords),
        "tags": list(new.tags),
        "categories": list(new.categories),
        "structure_data": new.structure_data or {},
        "json_blocks": new.json_blocks or [],
        "published_on": new.published_on,
        "expires_on": new.expires_on,
        "author": new.author,
        "is_noindex": new.is_noindex,
        "extra": new.extra or {},
        "unverified": list(new.unverified),
    }


def _files(path: Path) -> list[tuple[str, Path]]:
    if path.is_file():
        if path.suffix.lower() not in exchange.SUFFIXES:
            raise InvalidInput(
                f"{path} is neither Markdown nor HTML",
                hint=f"endings that are read: {', '.join(exchange.SUFFIXES)}",
            )
        return [(path.name, path)]
    if not path.is_dir():
        raise InvalidInput(f"{path} does not exist", hint="name a file or folder")
    files = content_files(path)
    if not files:
        raise InvalidInput(
            f"{path} holds no Markdown or HTML file",
            hint=f"endings that are read: {', '.join(exchange.SUFFIXES)}",
        )
    return files
