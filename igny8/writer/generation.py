"""From ideas to tasks, from tasks to drafts. Each draft is saved and paid in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from igny8 import accounts, system
from igny8.accounts import Need, Site
from igny8.context import Context, record_event
from igny8.core.errors import Igny8Error, InsufficientCredits, InvalidInput
from igny8.core.outcome import Outcome, Problem
from igny8.db import Session
from igny8.text import vectors, words
from igny8.writer import store
from igny8.writer.ai import (
    GENERATE_CONTENT,
    ContentReply,
    ContentRequest,
    KnowledgeText,
    OutlineSection,
    SourceText,
    base_of,
)
from igny8.writer.grounding import unverified
from igny8.writer.knowledge import KnowledgeBase
from igny8.writer.types import Content, EntityType, NewContent, Task, TaskStatus

# A draft may come out longer than planned; what is not used is given back.
_HEADROOM = 1.25
_SOURCES = 60
_OPEN = (TaskStatus.QUEUED, TaskStatus.FAILED, TaskStatus.BLOCKED)
# Shorter than this is a thin page, which serves nobody: better a question to the client.
_THIN = 150


class TooLittleKnown(InvalidInput):
    """The knowledge files say too little for a page on this."""

    code = "writer.too-little-known"


def queue(
    ctx: Context, site_slug: str, *, limit: int = 0, dry_run: bool = False
) -> list[Task] | list[str]:
    """Make a writing task of every new idea. Returns the tasks; a dry run the ideas' titles."""
    site = accounts.site(ctx, site_slug, Need.WRITE)
    system.require_module(ctx, "planner")
    from igny8 import planner

    with ctx.lock(f"site {site.slug}", "writer queue"):
        with ctx.read() as session:
            ideas = planner.new_ideas(session, site.id)[: limit or None]
        if dry_run:
            return [idea.title for idea in ideas]
        with ctx.write() as session:
            queued = []
            for idea in ideas:
                brief = {
                    "angle": idea.angle,
                    "outline": [dict(section) for section in idea.outline],
                    "keywords": focus_first(idea.title, idea.target_keywords),
                    "questions": list(idea.questions),
                    "cluster_id": idea.cluster,
                }
                task = store.add_task(
                    session,
                    site.id,
                    title=idea.title,
                    entity_type=EntityType(idea.entity_type),
                    brief=brief,
                    estimated_words=idea.estimated_words,
                    idea_id=idea.id,
                    at=ctx.clock.now(),
                )
                planner.schedule_idea(session, idea.id)
                record_event(ctx, session, "writer.task-queued", subject=task.id, site_id=site.id)
                queued.append(task)
    return queued


def focus_first(title: str, keywords: Sequence[str]) -> list[str]:
    """The keywords with the focus keyphrase first: the one that the title says most fully.

    Of equals the longer, then the earlier: a page is found for what its title promises.
    """
    said = set(words.content_stems(title))

    def fit(numbered: tuple[int, str]) -> tuple[float, int, int]:
        stems = words.content_stems(numbered[1])
        share = sum(stem in said for stem in stems) / len(stems) if stems else 0.0
        return -share, -len(stems), numbered[0]

    ranked = sorted(enumerate(keywords), key=fit)
    best = ranked[0][1] if ranked else ""
    return [best, *(keyword for keyword in keywords if keyword != best)] if ranked else []


def estimate(ctx: Context, site_slug: str, *, limit: int = 0) -> tuple[int, int]:
    """How many drafts a run would write, and the credits it would hold for them at most."""
    site = accounts.site(ctx, site_slug, Need.READ)
    waiting = _waiting(ctx, site, _known_digest(ctx, site))[: limit or None]
    return len(waiting), sum(ctx.ai.price(GENERATE_CONTENT, _units(task)) for task in waiting)


def generate(ctx: Context, site_slug: str, *, limit: int = 0) -> Outcome[Content]:
    """Write the drafts of all open tasks, oldest first.

    A task that fails is a problem, costs nothing and is tried again by the next run. One that the
    knowledge files say too little for is blocked until they change. When credits run out the batch
    stops: what was written stays. Raises InsufficientCredits when nothing was.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    done: list[Content] = []
    problems: list[Problem] = []
    with ctx.lock(f"site {site.slug}", "writer generate"):
        digest = _known_digest(ctx, site)
        waiting = _waiting(ctx, site, digest)[: limit or None]
        if not waiting:
            return Outcome()
        knowledge = read_knowledge(ctx, site)
        for number, task in enumerate(waiting, 1):
            try:
                done.append(_write_one(ctx, site, task, knowledge))
            except InsufficientCredits as error:
                if not done:
                    raise
                problems.append(Problem.of(task.title, error))
                break
            except TooLittleKnown as error:
                with ctx.write() as session:
                    store.block_task(session, task.id, error.message, digest)
            except Igny8Error as error:
                with ctx.write() as session:
                    store.fail_task(session, task.id, error.message)
                problems.append(Problem.of(task.title, error))
            ctx.report.step("content", number, len(waiting))
    return Outcome(tuple(done), tuple(problems))


def read_knowledge(ctx: Context, site: Site) -> tuple[tuple[str, str], ...]:
    """(name, text) of the site's knowledge files. Raises InvalidInput when there are none."""
    folder = ctx.config.site_folder(site.slug) / "knowledge"
    files = []
    for path in sorted(folder.glob("**/*.md")):
        try:
            files.append((path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError as error:
            raise InvalidInput("is not UTF-8", file=str(path), hint="save it as UTF-8") from error
    if not files:
        raise InvalidInput(
            f"site `{site.slug}` has no knowledge files to write from",
            hint=f"put what the business knows into {folder}/*.md",
            code="writer.no-knowledge",
        )
    return tuple(files)


def recheck(ctx: Context, site: Site, item: Content, body: str) -> list[dict[str, Any]]:
    """What `body` states that no knowledge file does. A person's own texts are not judged."""
    if not item.made_with:
        return list(item.unverified)
    try:
        said = [text for _, text in read_knowledge(ctx, site)]
    except InvalidInput:
        said = []
    said += [item.title, ctx.config.site(site.slug).identity.name, *item.keywords]
    return [asdict(finding) for finding in unverified(body, said, locale=item.locale)]


def _waiting(ctx: Context, site: Site, knowledge: str) -> list[Task]:
    """Open tasks, without those that wait for knowledge files to change."""
    with ctx.read() as session:
        found = store.tasks(session, site.id, statuses=_OPEN)
    return [
        task
        for task in found
        if task.status is not TaskStatus.BLOCKED or task.brief.get("blocked_by") != knowledge
    ]


def _known_digest(ctx: Context, site: Site) -> str:
    """A hash of the knowledge files; "" where there are none."""
    try:
        files = read_knowledge(ctx, site)
    except InvalidInput:
        return ""
    return hashlib.sha256(repr(files).encode()).hexdigest()


def _write_one(
    ctx: Context, site: Site, task: Task, knowledge: tuple[tuple[str, str], ...]
) -> Content:
    base = base_of(knowledge)
    with ctx.read() as session:
        earlier = store.contents(session, site.id)
    request = _request(ctx, site, task, knowledge, base, earlier)
    with ctx.ai.run(
        GENERATE_CONTENT,
        request,
        key=f"{GENERATE_CONTENT.name}:{task.id}",
        subject=task.id,
        units=_units(task),
        site=site.slug,
        site_id=site.id,
    ) as reply:
        if words.count(reply.output.body) < _THIN:
            asked = " ".join(reply.output.gaps[:2])
            raise TooLittleKnown(f"the knowledge files say too little on this. {asked}".strip())
        new = _content(ctx, task, request, reply.output, base, asdict(reply.made_with))
        with ctx.write() as session:
            slug = store.unique_slug(session, site.id, new.slug, new.locale)
            made = store.add_content(session, site.id, replace(new, slug=slug), ctx.clock.now())
            store.finish_task(session, task.id, made.id)
            _tell_planner(ctx, session, task)
            spent = reply.charge(session, made.word_count)
            record_event(
                ctx,
                session,
                "writer.content-generated",
                subject=made.id,
                site_id=site.id,
                task=task.id,
                credits=spent,
            )
    return made


def _request(
    ctx: Context,
    site: Site,
    task: Task,
    knowledge: tuple[tuple[str, str], ...],
    base: KnowledgeBase,
    earlier: list[Content],
) -> ContentRequest:
    identity = ctx.config.site(site.slug).identity
    brief = task.brief
    outline = [
        OutlineSection(
            heading=str(section["heading"]),
            terms=[str(term) for term in section.get("terms", ())],
            kind=str(section.get("kind", "fact")),
            words=int(section.get("words", 0)),
        )
        for section in brief.get("outline", ())
    ]
    keywords = [str(keyword) for keyword in brief.get("keywords", ())] or [task.title]
    voice = _voice(ctx, site, task)
    return ContentRequest(
        business=identity.name,
        locale=identity.locale,
        title=task.title,
        entity_type=task.entity_type,
        angle=str(brief.get("angle", "")),
        keywords=keywords,
        questions=[str(question) for question in brief.get("questions", ())],
        outline=outline,
        words=task.estimated_words,
        author=voice.get("author", ""),
        style=voice.get("style", ""),
        strategy=voice.get("strategy", ""),
        sources=_chosen(base, [*keywords, *(t for s in outline for t in s.terms)]),
        knowledge=[KnowledgeText(name=name, text=text) for name, text in knowledge],
        used=[list(item.made_with.get("records", ())) for item in earlier],
    )


def _chosen(base: KnowledgeBase, terms: list[str]) -> list[SourceText]:
    """The records that speak of these terms, best first: what a model is shown."""
    texts = [
        f"{' '.join(record.heading)} {record.key} {record.text}".strip() for record in base.records
    ]
    if not texts:
        return []
    ranking = vectors.Bm25([words.content_stems(text) for text in texts])
    query = [stem for term in terms for stem in words.content_stems(term)]
    scores = ranking.scores(query)
    best = sorted(range(len(texts)), key=lambda index: (-scores[index], base.records[index].id))
    return [
        SourceText(
            id=base.records[index].id,
            text=f"{base.records[index].key}: {base.records[index].text}".removeprefix(": "),
        )
        for index in sorted(best[:_SOURCES])
        if scores[index] > 0
    ]


def _content(
    ctx: Context,
    task: Task,
    request: ContentRequest,
    reply: ContentReply,
    base: KnowledgeBase,
    made_with: dict[str, Any],
) -> NewContent:
    said = [file.text for file in request.knowledge]
    said += [request.title, request.business, *request.keywords]
    findings = unverified(reply.body, said, locale=request.locale)
    return NewContent(
        title=reply.title or task.title,
        body=reply.body,
        slug=_slug(request.keywords[0] if request.keywords else reply.title),
        entity_type=task.entity_type,
        locale=request.locale,
        meta_title=reply.meta_title,
        meta_description=reply.meta_description,
        keywords=tuple(request.keywords),
        structure_data={
            **_facts(reply, base),
            **({"faq": [item.model_dump() for item in reply.faq]} if reply.faq else {}),
        },
        author=request.author or None,
        cluster_id=task.brief.get("cluster_id"),
        published_on=ctx.clock.now().date(),
        made_with={**made_with, "records": reply.sources, "gaps": reply.gaps},
        unverified=tuple(asdict(finding) for finding in findings),
    )


def _slug(keyword: str) -> str:
    """The keyphrase without what only a searcher says."""
    return keyword.casefold().removesuffix(" near me")


def _facts(reply: ContentReply, base: KnowledgeBase) -> Mapping[str, Any]:
    """Facts that the knowledge files state, with their own value: a model may not set a price."""
    stated = {
        (key, str(value)): value for source in base.sources for key, value in source.data.items()
    }
    return {
        fact.key: stated[fact.key, fact.value]
        for fact in reply.facts
        if (fact.key, fact.value) in stated
    }


def _voice(ctx: Context, site: Site, task: Task) -> dict[str, str]:
    from igny8 import thinker

    return thinker.voice(ctx, site.id, task.entity_type)


def _tell_planner(ctx: Context, session: Session, task: Task) -> None:
    if task.idea_id is None or "planner" not in system.enabled_modules(ctx):
        return
    from igny8 import planner

    planner.idea_written(session, task.idea_id)


def _units(task: Task) -> int:
    return int(task.estimated_words * _HEADROOM)
