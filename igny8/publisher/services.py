"""Use cases of publishing: targets, plan, publish, records, roll back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from igny8 import accounts, renderer, sitebuilder, writer
from igny8.accounts import Need, Site
from igny8.adapters.base import FileTarget, ReleaseTarget
from igny8.adapters.registry import load_plugin
from igny8.context import Context, record_event
from igny8.core.errors import AdapterError, Conflict, Igny8Error, InvalidInput, NotFound
from igny8.publisher import store
from igny8.publisher.plan import plan as compare
from igny8.publisher.types import Deployment, DeploymentStatus, Plan, Target
from igny8.text.slugs import slugify
from igny8.writer import Status

ADAPTERS = "igny8.adapters"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did. `release_dir` is where a folder target holds the release.

    `release` is empty where the target keeps none and had nothing to change.
    """

    target: str
    release: str
    plan: Plan
    release_dir: Path | None


def targets(ctx: Context, site_slug: str) -> list[Target]:
    """A site's targets."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.targets(session, site.id)


def add_target(
    ctx: Context, site_slug: str, name: str, adapter: str, options: Mapping[str, Any]
) -> Target:
    """Add a target after checking its options and that it can be written."""
    site = accounts.site(ctx, site_slug, Need.MANAGE)
    if slugify(name) != name:
        raise InvalidInput(f"`{name}` is no name for a target", hint=f"call it `{slugify(name)}`")
    with ctx.read() as session:
        if any(target.name == name for target in store.targets(session, site.id)):
            raise Conflict(f"site `{site.slug}` has a target `{name}` already")
    _open(ctx, Target("", name, adapter, dict(options))).check()
    with ctx.write() as session:
        made = store.add_target(session, site.id, name, adapter, dict(options), ctx.clock.now())
        record_event(ctx, session, "publisher.target-added", subject=made.id, site_id=site.id)
    return made


def plan(ctx: Context, site_slug: str, name: str | None = None) -> Plan:
    """What publishing the last build would change on a target."""
    site = accounts.site(ctx, site_slug, Need.READ)
    target = _target(ctx, site, name)
    return compare(target.name, _built(ctx, site), _open(ctx, target).live())


def publish(ctx: Context, site_slug: str, name: str | None = None) -> Published:
    """Publish the last build to a target; a target that holds it already is left alone.

    The deployment is recorded before the first call. Visitors see the old release until the new
    one is whole; a run that is killed leaves the old one live.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", f"publisher publish {site.slug}"):
        target = _target(ctx, site, name)
        adapter = _open(ctx, target)
        switches = isinstance(adapter, ReleaseTarget)
        live_release = adapter.current() if isinstance(adapter, ReleaseTarget) else None
        with ctx.write() as session:
            whole = store.settle_dead(session, target.id, live_release, ctx.clock.now())
        built = _built(ctx, site)
        changes = compare(target.name, built, adapter.live())
        if changes.is_empty and (live_release is not None or not switches):
            _finish(ctx, site, built, whole)
            return _published(adapter, target, live_release or "", changes)
        release = _release_name(ctx, built)
        with ctx.write() as session:
            deployment = store.start(
                session,
                site.id,
                target,
                release,
                changes,
                digest=_digest(built),
                by=ctx.actor.email,
                at=ctx.clock.now(),
            )
        try:
            _apply(ctx, site, adapter, release, changes, built)
        except Igny8Error as error:
            unsure = isinstance(error, AdapterError) and error.may_have_happened
            status = DeploymentStatus.UNKNOWN if unsure else DeploymentStatus.FAILED
            with ctx.write() as session:
                store.end(session, deployment, status, ctx.clock.now(), error.message)
            raise
        _finish(ctx, site, built, deployment)
    return _published(adapter, target, release, changes)


def records(ctx: Context, site_slug: str) -> list[Deployment]:
    """A site's deployments, newest first."""
    site = accounts.site(ctx, site_slug, Need.READ)
    with ctx.read() as session:
        return store.deployments(session, site.id)


def rollback(ctx: Context, site_slug: str, release: str | None, name: str | None = None) -> str:
    """Make an earlier release live again: the one before the live one unless one is named."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    with ctx.lock(f"site {site.slug}", f"publisher rollback {site.slug}"):
        target = _target(ctx, site, name)
        adapter = _open(ctx, target)
        if not isinstance(adapter, ReleaseTarget):
            raise Conflict(
                f"target `{target.name}` keeps no releases",
                hint="build an earlier version and publish it",
            )
        current = adapter.current()
        if release is None:
            earlier = [known for known in adapter.releases() if current and known < current]
            if not earlier:
                raise Conflict(f"target `{target.name}` has no earlier release")
            release = earlier[-1]
        if release not in adapter.releases():
            raise NotFound.named("release", release, adapter.releases())
        adapter.switch(release)
        with ctx.write() as session:
            store.mark_rolled_back(session, target.id, release)
            record_event(
                ctx,
                session,
                "publisher.rolled-back",
                subject=target.id,
                site_id=site.id,
                from_release=current,
                to_release=release,
            )
    return release


def _apply(
    ctx: Context,
    site: Site,
    adapter: FileTarget,
    release: str,
    changes: Plan,
    built: Mapping[str, str],
) -> None:
    folder = renderer.output_folder(ctx, site.slug)
    if isinstance(adapter, ReleaseTarget):
        adapter.begin(release)
        # First, since a new file may stand where an old one's folder was.
        _delete(adapter, changes)
    paths = [*changes.added, *changes.changed]
    for number, path in enumerate(paths, 1):
        adapter.put(path, _content(folder, path, built[path]))
        ctx.report.step("publish", number, len(paths))
    if isinstance(adapter, ReleaseTarget):
        adapter.commit(release)
    else:
        # Last, since visitors still follow the old pages' links.
        _delete(adapter, changes)


def _delete(adapter: FileTarget, changes: Plan) -> None:
    for path in changes.removed:
        adapter.delete(path)


def _content(folder: Path, path: str, sha256: str) -> bytes:
    """A built file's bytes. Raises Conflict when they are not what the build left."""
    try:
        content = (folder / path).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Conflict(
            f"{folder / path} was changed after the build",
            hint="build the site again, then publish",
            code="publisher.changed-build",
        )
    return content


def _release_name(ctx: Context, built: Mapping[str, str]) -> str:
    """Names sort by time, to the millisecond: which release is the earlier follows from them."""
    now = ctx.clock.now()
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}-{_digest(built)[:8]}"


def _digest(built: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(built, sort_keys=True).encode()).hexdigest()


def _published(adapter: FileTarget, target: Target, release: str, changes: Plan) -> Published:
    where = getattr(adapter, "folder_of", None)
    folder = where(release) if where and release else None
    return Published(target.name, release, changes, folder)


def _finish(ctx: Context, site: Site, built: Mapping[str, str], deployment: str | None) -> None:
    """Record what is live now; items whose page was in the build are published."""
    snapshot = sitebuilder.take_snapshot(ctx, site.slug)
    base = snapshot.site.base_url.rstrip("/")
    live = {
        page.id: f"{base}{page.path}"
        for page in snapshot.pages
        if f"{page.path}index.html".lstrip("/") in built
    }
    now = ctx.clock.now()
    with ctx.write() as session:
        items = [item for item in writer.all_contents(session, site.id) if item.id in live]
        for item in items:
            if item.status is Status.APPROVED:
                writer.move_content(session, item.id, Status.PUBLISHED, now)
                record_event(
                    ctx,
                    session,
                    "writer.content-published",
                    subject=item.id,
                    site_id=site.id,
                    url=live[item.id],
                )
        if deployment is not None:
            store.add_records(
                session, deployment, [(item.id, live[item.id], item.body_hash) for item in items]
            )
            store.end(session, deployment, DeploymentStatus.DONE, now)
            record_event(ctx, session, "publisher.published", subject=deployment, site_id=site.id)


def _built(ctx: Context, site: Site) -> dict[str, str]:
    folder = renderer.output_folder(ctx, site.slug)
    manifest = renderer.read_manifest(folder)
    if not manifest:
        raise NotFound(
            f"site `{site.slug}` has no finished build",
            hint=f"run `igny8 build {site.slug}`",
            code="publisher.no-build",
        )
    return {path: entry.sha256 for path, entry in manifest.items()}


def _target(ctx: Context, site: Site, name: str | None) -> Target:
    with ctx.read() as session:
        known = store.targets(session, site.id)
    if name is None and len(known) == 1:
        return known[0]
    if name is None:
        raise NotFound(
            f"site `{site.slug}` has {'no target' if not known else 'more than one target'}",
            hint="name one with --target"
            if known
            else f"add one: `igny8 publisher target-add live --site {site.slug} --option path=DIR`",
            code="publisher.no-target",
        )
    for target in known:
        if target.name == name:
            return target
    raise NotFound.named("target", name, [target.name for target in known])


def _open(ctx: Context, target: Target) -> FileTarget:
    adapter = load_plugin(ADAPTERS, target.adapter)
    try:
        options = adapter.options_model.model_validate(target.options)
    except ValidationError as error:
        first = error.errors()[0]
        fields = ", ".join(adapter.options_model.model_fields)
        raise InvalidInput(
            f"option `{'.'.join(map(str, first['loc']))}` of `{target.adapter}`: "
            f"{first['msg'].lower()}",
            hint=f"its options: {fields}",
        ) from None
    made: FileTarget = adapter(options, ctx.config.root)
    return made
