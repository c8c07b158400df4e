"""Tasks become drafts: what is saved is paid for once, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from stores import OWNER, TestApp

from igny8 import accounts, billing, planner, writer
from igny8.accounts import Site
from igny8.ai.fake import FakeProvider
from igny8.ai.provider import Request
from igny8.app import App, Who
from igny8.billing import EntryKind
from igny8.context import Context
from igny8.core.errors import ExternalError, InsufficientCredits, InvalidInput
from igny8.core.resources import shipped
from igny8.db import Session
from igny8.writer import EntityType, Source, Status, TaskStatus, store
from igny8.writer.ai import GENERATE_CONTENT, ContentReply

SITE = "fernhill"
TOPICS = ("wheel truing", "puncture repair", "bottom bracket replacement")
PRICE = 10  # of 100 words, in tests that look for the end of the credits


@pytest.fixture
def known(site: Site, workspace: Path) -> Site:
    """The site with knowledge files of three subjects."""
    folder = workspace / "sites" / SITE / "knowledge"
    folder.mkdir(exist_ok=True)
    source = shipped("agency") / "sites" / SITE / "knowledge"
    for topic in ("wheel-truing", "puncture-repair", "bottom-bracket"):
        (folder / f"{topic}.md").write_bytes((source / f"{topic}.md").read_bytes())
    return site


def _queue(ctx: Context, site: Site, *topics: str) -> list[str]:
    with ctx.write() as session:
        return [
            store.add_task(
                session,
                site.id,
                title=topic.capitalize(),
                entity_type=EntityType.SERVICE,
                brief={
                    "outline": [
                        {"heading": "What is done", "terms": [topic], "kind": "fact"},
                        {"heading": "What it costs", "terms": [f"{topic} cost"], "kind": "price"},
                        {"heading": "How it goes", "terms": [topic], "kind": "steps"},
                    ],
                    "keywords": [topic, f"{topic} cost"],
                    "questions": [f"how long does {topic} take"],
                },
                estimated_words=500,
                idea_id=None,
                at=ctx.clock.now(),
            ).id
            for topic in topics
        ]


def _statuses(ctx: Context) -> list[TaskStatus]:
    return [task.status for task in writer.tasks(ctx, SITE)]


def _proved(ctx: Context) -> billing.Balance:
    proof = billing.prove(ctx)
    assert proof.faults == ()
    assert proof.open_holds == 0
    return proof.balance


def test_drafts_are_written_from_the_knowledge_files_and_say_so(ctx: Context, known: Site) -> None:
    _queue(ctx, known, *TOPICS)
    outcome = writer.generate(ctx, SITE)
    assert outcome.problems == ()
    assert _statuses(ctx) == [TaskStatus.DONE] * 3
    for item in outcome.done:
        assert (item.status, item.source) == (Status.DRAFT, Source.IGNY8)
        assert item.word_count >= 150
        assert item.made_with["provider"] == "embedded"
        assert item.made_with["prompt_hash"]
        assert item.made_with["records"]
    assert [task.content_id for task in writer.tasks(ctx, SITE)] == [i.id for i in outcome.done]


def test_a_draft_costs_the_price_of_its_words_and_never_more_than_was_held(
    ctx: Context, known: Site
) -> None:
    _queue(ctx, known, *TOPICS)
    count, at_most = writer.estimate(ctx, SITE)
    before = _proved(ctx)
    written = writer.generate(ctx, SITE).done
    after = _proved(ctx)
    spent = sum(ctx.ai.price(GENERATE_CONTENT, item.word_count) for item in written)
    assert count == 3
    assert after.spent - before.spent == spent
    assert before.available - after.available == spent <= at_most
    used = billing.usage(ctx)
    assert sorted(row.units for row in used) == sorted(item.word_count for item in written)
    held = [entry for entry in billing.history(ctx, limit=0) if entry.kind is EntryKind.HOLD]
    assert len(held) == 3


def test_a_second_run_writes_and_charges_nothing(ctx: Context, known: Site) -> None:
    _queue(ctx, known, TOPICS[0])
    writer.generate(ctx, SITE)
    before, items = _proved(ctx), writer.contents(ctx, SITE)
    assert writer.generate(ctx, SITE).done == ()
    assert (_proved(ctx), writer.contents(ctx, SITE)) == (before, items)


def test_without_knowledge_files_the_error_says_where_they_go(ctx: Context, site: Site) -> None:
    _queue(ctx, site, TOPICS[0])
    with pytest.raises(InvalidInput, match="no knowledge files") as caught:
        writer.generate(ctx, SITE)
    assert f"sites/{SITE}/knowledge" in str(caught.value.hint)
    assert _statuses(ctx) == [TaskStatus.QUEUED]
    assert _proved(ctx).spent == 0


def test_a_subject_that_no_file_knows_waits_until_they_change(
    ctx: Context, known: Site, workspace: Path
) -> None:
    _queue(ctx, known, "quantum cryptography")
    outcome = writer.generate(ctx, SITE)
    assert (outcome.done, _statuses(ctx)) == ((), [TaskStatus.BLOCKED])
    assert writer.estimate(ctx, SITE) == (0, 0)
    assert _proved(ctx).spent == 0
    (workspace / "sites" / SITE / "knowledge" / "more.md").write_text("# More\n\nA fact.\n")
    assert writer.estimate(ctx, SITE)[0] == 1


def test_a_reply_that_does_not_fit_fails_its_task_alone_and_costs_nothing(
    app: App, known: Site
) -> None:
    provider = FakeProvider("no JSON", "still no JSON", default="offline")
    ctx = app.context(Who(email=OWNER), provider=provider)
    _queue(ctx, known, *TOPICS[:2])
    outcome = writer.generate(ctx, SITE)
    assert [problem.where for problem in outcome.problems] == ["Wheel truing"]
    assert _statuses(ctx) == [TaskStatus.FAILED, TaskStatus.DONE]
    (paid,) = outcome.done
    assert _proved(ctx).spent == ctx.ai.price(GENERATE_CONTENT, paid.word_count)
    again = writer.generate(ctx, SITE)
    assert len(again.done) == 1
    assert _statuses(ctx) == [TaskStatus.DONE] * 2
    assert [task.problem for task in writer.tasks(ctx, SITE)] == [None, None]


def test_an_endpoint_that_is_down_costs_nothing(app: App, known: Site) -> None:
    ctx = app.context(Who(email=OWNER), provider=FakeProvider(ExternalError("no answer")))
    _queue(ctx, known, TOPICS[0])
    assert [problem.message for problem in writer.generate(ctx, SITE).problems] == ["no answer"]
    assert _proved(ctx).spent == 0


@pytest.mark.parametrize(
    "change",
    [
        {"body": "See https://evil.example/ for " + "more " * 200},
        {"title": "a" * 301},
        {"meta_description": "a" * 1001},
        {"body": "zero\0 " * 200},
        {"sources": ["nowhere.md#1"]},
    ],
)
def test_a_reply_that_can_not_be_used_is_refused_before_it_is_paid(
    app: App, known: Site, change: dict[str, object]
) -> None:
    def bad(request: Request) -> ContentReply:
        answer = request.function.offline(request.data)
        assert isinstance(answer, ContentReply)
        return answer.model_copy(update=change)

    ctx = app.context(Who(email=OWNER), provider=FakeProvider(bad, bad))
    _queue(ctx, known, TOPICS[0])
    outcome = writer.generate(ctx, SITE)
    assert (len(outcome.problems), outcome.done) == (1, ())
    assert _proved(ctx).spent == 0


def test_a_save_that_fails_charges_nothing_and_saves_nothing(ctx: Context, known: Site) -> None:
    _queue(ctx, known, TOPICS[0])
    before = _proved(ctx)

    @contextmanager
    def cut_off() -> Iterator[Session]:
        with ctx.write() as session:
            yield session
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        writer.generate(replace(ctx, write=cut_off), SITE)
    assert writer.contents(ctx, SITE) == []
    assert _statuses(ctx) == [TaskStatus.QUEUED]
    assert _proved(ctx) == before
    assert billing.usage(ctx) == []
    assert len(writer.generate(ctx, SITE).done) == 1


@pytest.fixture
def poor(ctx: Context, known: Site, workspace: Path) -> Iterator[Context]:
    """The same account where words cost so much that credits end after a draft or two."""
    settings = workspace / "igny8.toml"
    available = billing.balance(ctx).available
    held = -(-625 // 100)
    settings.write_text(
        settings.read_text() + f"\n[credits.costs]\ncontent = {available // held}\n"
    )
    with TestApp(workspace) as opened:
        yield opened.context(Who(email=OWNER))


def test_when_credits_run_out_what_was_written_stays_and_the_rest_waits(poor: Context) -> None:
    site = accounts.site(poor, SITE, accounts.Need.READ)
    _queue(poor, site, *TOPICS)
    outcome = writer.generate(poor, SITE)
    assert len(outcome.done) == 1
    assert [problem.code for problem in outcome.problems] == [InsufficientCredits.code]
    assert _statuses(poor) == [TaskStatus.DONE, TaskStatus.QUEUED, TaskStatus.QUEUED]
    balance = _proved(poor)
    with pytest.raises(InsufficientCredits) as caught:
        writer.generate(poor, SITE)
    assert caught.value.exit_status == 5
    assert caught.value.needed > caught.value.available == balance.available
    assert "credits grant" in str(caught.value.hint)
    assert _proved(poor) == balance
    assert _statuses(poor) == [TaskStatus.DONE, TaskStatus.QUEUED, TaskStatus.QUEUED]


def test_drafts_with_the_same_keyword_get_slugs_of_their_own(ctx: Context, known: Site) -> None:
    _queue(ctx, known, TOPICS[0], TOPICS[0])
    done = writer.generate(ctx, SITE).done
    assert [item.slug for item in done] == ["wheel-truing", "wheel-truing-2"][: len(done)]


def test_an_idea_is_queued_once(ctx: Context, known: Site, tmp_path: Path) -> None:
    keywords = tmp_path / "keywords.csv"
    rows = [f"{topic}{end},90" for topic in TOPICS for end in ("", " cost", " leeds")]
    keywords.write_text("\n".join(["keyword,volume", *rows]) + "\n")
    planner.import_keywords(ctx, SITE, keywords)
    planner.cluster_keywords(ctx, SITE)
    ideas = planner.ideate(ctx, SITE).done
    assert len(ideas) > 1
    planned = writer.queue(ctx, SITE, dry_run=True)
    assert writer.tasks(ctx, SITE) == []
    (first,) = writer.queue(ctx, SITE, limit=1)
    rest = writer.queue(ctx, SITE)
    assert len(rest) == len(ideas) - 1
    assert writer.queue(ctx, SITE) == []
    assert [task.title for task in writer.tasks(ctx, SITE)] == planned
    assert first == writer.tasks(ctx, SITE)[0]
