"""Use cases of blueprints: generate and apply. What a build takes in: see `snapshots`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from igny8 import accounts, thinker, writer
from igny8.accounts import Need, Site
from igny8.context import Context, record_event
from igny8.core.errors import InvalidInput, NotFound
from igny8.db import Session
from igny8.jobs import events
from igny8.safety import yaml
from igny8.safety.paths import write_atomically
from igny8.sitebuilder import addresses, store
from igny8.sitebuilder import blueprint as blueprints
from igny8.sitebuilder.ai import (
    GENERATE_SITE_STRUCTURE,
    ExistingItem,
    StructureRequest,
    tree,
)
from igny8.sitebuilder.blueprint import Blueprint, PageSpec
from igny8.sitebuilder.snapshots import AUTHORS, take_snapshot, template_roots
from igny8.sitebuilder.store import BlueprintVersion
from igny8.sitebuilder.structure import Known
from igny8.sitebuilder.templates import template_names
from igny8.sitebuilder.types import Block
from igny8.writer import Content

_QUESTIONS = 5
_GENERATED = "sitebuilder.blueprint-generated"


@dataclass(frozen=True, slots=True)
class Generated:
    """A blueprint that was written to its file, or found there."""

    path: Path
    page_count: int
    is_new: bool


def generate(ctx: Context, site_slug: str, *, again: bool = False) -> Generated:
    """Write `blueprint.yaml` for a site. One that is there stays, unless `again`.

    The file is a person's from then on: `apply` reads it. Charged as one site structure.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    path = ctx.config.site_folder(site.slug) / blueprints.FILE
    templates = template_names(template_roots(ctx.config, site.slug))
    if path.exists() and not again:
        found = blueprints.parse(read_file(path), file=str(path), templates=templates)
        return Generated(path, len(list(found.walk())), is_new=False)
    with ctx.lock(f"site {site.slug}", "sitebuilder generate"):
        with ctx.read() as session:
            before = store.latest(session, site.id)
            items = writer.all_contents(session, site.id)
        identity = ctx.config.site(site.slug).identity
        known = known_facts(ctx, site)
        request = StructureRequest(
            name=identity.name,
            site_type=site.site_type,
            tagline=identity.tagline,
            templates=list(templates),
            items=[
                ExistingItem(slug=i.slug, title=i.title, entity_type=i.entity_type) for i in items
            ],
            has_people=bool(known.people),
        )
        key = _work(site, before, path)
        with ctx.read() as session:
            paid = _paid_text(session, site, key)
        if paid is not None:
            # A kill between the charge and the file, or somebody lost the file since.
            write_atomically(path, paid.encode())
            found = blueprints.parse(paid, file=str(path), templates=templates)
            return Generated(path, len(list(found.walk())), is_new=True)
        with ctx.ai.run(
            GENERATE_SITE_STRUCTURE,
            request,
            key=key,
            subject=site.id,
            units=1,
            site=site.slug,
            site_id=site.id,
        ) as reply:
            made = _with_blocks(tree(reply.output), identity.name, known)
            if path.exists():
                old = blueprints.parse(read_file(path), file=str(path), templates=templates)
                made = addresses.kept(old, made, live_paths(ctx, site)[0])
            text = blueprints.dump(made)
            blueprints.parse(text, file=str(path), templates=templates)
            path.parent.mkdir(parents=True, exist_ok=True)
            with ctx.write() as session:
                reply.charge(session, 1)
                record_event(
                    ctx,
                    session,
                    _GENERATED,
                    subject=site.id,
                    site_id=site.id,
                    pages=len(made.pages),
                    key=key,
                    text=text,
                )
            write_atomically(path, text.encode())
    return Generated(path, len(list(made.walk())), is_new=True)


def _work(site: Site, before: BlueprintVersion | None, path: Path) -> str:
    """Name a generation by what it replaces: the same again is the same work, paid once."""
    replaced = hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""
    number = before.version + 1 if before else 1
    return f"{GENERATE_SITE_STRUCTURE.name}:{site.id}:{number}:{replaced}"


def _paid_text(session: Session, site: Site, key: str) -> str | None:
    """What this work made when it was paid for, or None."""
    for event in events(session, subject=site.id, limit=0):
        if event.event == _GENERATED and event.payload.get("key") == key:
            return str(event.payload["text"])
    return None


def apply(ctx: Context, site_slug: str) -> tuple[BlueprintVersion, bool]:
    """Check `blueprint.yaml` and store it as the next version. Return it and whether it is new."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    path = ctx.config.site_folder(site.slug) / blueprints.FILE
    if not path.is_file():
        raise NotFound(
            f"site `{site.slug}` has no {blueprints.FILE}",
            hint=f"make one with `igny8 sitebuilder generate --site {site.slug}`",
        )
    with ctx.read() as session:
        ids = item_ids(writer.all_contents(session, site.id))
    wanted = blueprints.parse(
        read_file(path),
        file=str(path),
        templates=template_names(template_roots(ctx.config, site.slug)),
        contents=ids,
    )
    with ctx.write() as session:
        before = store.latest(session, site.id)
        if before is not None and before.digest == wanted.digest:
            return before, False
        made = store.add(session, site.id, wanted, ids=ids, by=ctx.actor.email, at=ctx.clock.now())
        record_event(
            ctx,
            session,
            "sitebuilder.blueprint-applied",
            subject=made.id,
            site_id=site.id,
            version=made.version,
        )
    return made, True


def live_paths(ctx: Context, site: Site) -> tuple[set[str], set[str]]:
    """Paths that visitors may know, of any version or of a build now; and those of items alone."""
    with ctx.read() as session:
        known = store.paths(session, site.id)
    shown = {page.path for page in take_snapshot(ctx, site.slug).pages}
    return known | shown, shown - known


def read_file(path: Path) -> str:
    """Return a blueprint's text. Raises InvalidInput for what is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("is not UTF-8", file=str(path), hint="save it as UTF-8") from error


def item_ids(items: Sequence[Content]) -> dict[str, str]:
    """Map what a blueprint may call an item to its id: slugs, and former slugs that are free."""
    former = {str(old): item.id for item in items for old in item.extra.get("aliases") or ()}
    return former | {item.slug: item.id for item in items}


def _with_blocks(tree: Blueprint, name: str, known: Known) -> Blueprint:
    """Give home and about page what the knowledge files offer for them."""
    people = [dict(person) for person in known.people]
    faq = [dict(question) for question in known.questions]

    def dressed(page: PageSpec) -> PageSpec:
        if page.template == "about" and people:
            block = Block("people", {"title": f"The people of {name}", "items": people})
            return replace(page, blocks=(*page.blocks, block))
        if page.path == "/" and faq:
            block = Block("faq", {"title": "Questions we are asked", "items": faq})
            return replace(page, blocks=(*page.blocks, block))
        return page

    return replace(tree, pages=tuple(dressed(page) for page in tree.pages))


def known_facts(ctx: Context, site: Site) -> Known:
    """People and questions from the knowledge files' own words."""
    try:
        files = writer.read_knowledge(ctx, site)
    except InvalidInput:
        return Known()
    base = writer.knowledge_base(files)
    people: list[dict[str, str]] = []
    questions: list[dict[str, str]] = []
    for source in base.sources:
        if source.kind == "person":
            facts = [r for r in base.records if r.file == source.name and r.kind == "fact"]
            people.append(
                {
                    "name": str(source.data.get("name", source.title)),
                    "role": str(source.data.get("role", "")),
                    "text": " ".join(fact.text for fact in facts[:2]),
                }
            )
    for record in base.records:
        if record.kind == "qa" and record.source.kind == "faq" and len(questions) < _QUESTIONS:
            questions.append({"question": record.key, "answer": record.text})
    return Known(tuple(people), tuple(questions))


def estimate(ctx: Context, site_slug: str) -> tuple[int, str, int]:
    """How many blueprints would be made (0 or 1), the unit, and the credits held for it."""
    site = accounts.site(ctx, site_slug, Need.READ)
    if (ctx.config.site_folder(site.slug) / blueprints.FILE).exists():
        return 0, "blueprints to make", 0
    return 1, "blueprints to make", ctx.ai.price(GENERATE_SITE_STRUCTURE, 1)


def export_authors(ctx: Context, site_slug: str) -> Path | None:
    """Write who signs pages to `sites/<site>/authors.yaml`, for builds from files.

    Returns the path when it was written, None when it was up to date or there is nobody.
    """
    site = accounts.site(ctx, site_slug, Need.READ)
    found = thinker.signatures(ctx.rows)
    path = ctx.config.site_folder(site.slug) / AUTHORS
    data = yaml.dump(
        {slug: {"name": n, "role": role, "bio": bio} for slug, (n, role, bio) in found.items()}
    ).encode()
    if not found or (path.exists() and path.read_bytes() == data):
        return None
    write_atomically(path, data)
    return path
