"""Content: the table of moves, facts that block approval, versions, edits, stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from igny8 import accounts, writer
from igny8.context import Context
from igny8.core.errors import Conflict, InvalidInput, NotFound
from igny8.writer import Content, Linking, NewContent, Stage, Status, store
from igny8.writer.exchange import to_file
from igny8.writer.types import MOVES

SITE = "fernhill"
DOUBTFUL = (
    "---\nunverified:\n- {kind: price, text: £99, start: 10, end: 13}\n"
    "- {kind: number, text: '41', start: 20, end: 22}\n---\nIt costs £99 and lasts 41 days.\n"
)


def _site_id(ctx: Context) -> str:
    return accounts.site(ctx, SITE, accounts.Need.READ).id


def _item(import_text: Callable[..., Any], ctx: Context, text: str = "Text.") -> Content:
    import_text({"a.md": text})
    return writer.content(ctx, SITE, "a")


@pytest.mark.parametrize("start", list(Status))
def test_an_item_moves_as_the_table_says_and_not_otherwise(
    ctx: Context, import_text: Callable[..., Any], start: Status
) -> None:
    import_text({f"to-{end}.md": "Text." for end in Status}, status=start)
    for end in Status:
        name = f"to-{end}".replace("_", "-")
        if start is end or end in MOVES[start]:
            assert writer.set_status(ctx, SITE, name, end).status is end
        else:
            with pytest.raises(Conflict, match=f"is {start} and can't become {end}"):
                writer.set_status(ctx, SITE, name, end)
            assert writer.content(ctx, SITE, name).status is start


def test_unverified_facts_block_approval_and_the_others_go_through(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    import_text({"a.md": DOUBTFUL, "b.md": "Text.", "c.md": "Text."})
    outcome = writer.approve(ctx, SITE)
    assert [item.slug for item in outcome.done] == ["b", "c"]
    (problem,) = outcome.problems
    assert (problem.where, problem.code) == ("a", "writer.unverified-facts")
    for status in (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED):
        with pytest.raises(Conflict):
            writer.set_status(ctx, SITE, "a", status)
    assert writer.approve(ctx, SITE, ["b"]).done == ()


def test_an_editor_vouches_for_facts_by_taking_them_off_the_list(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    text = to_file(_item(import_text, ctx, DOUBTFUL))
    begin, end = text.index("- kind: price"), text.index("- kind: number")
    one_left = writer.edit(ctx, SITE, "a", text[:begin] + text[end:])
    assert [fact["text"] for fact in one_left.unverified] == ["41"]
    with pytest.raises(Conflict, match="1 unverified"):
        writer.set_status(ctx, SITE, "a", Status.APPROVED)
    writer.edit(ctx, SITE, "a", "It costs what it costs.\n")
    assert writer.set_status(ctx, SITE, "a", Status.APPROVED).status is Status.APPROVED


def test_an_edit_is_a_version_and_keeps_what_the_file_does_not_name(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    before = _item(import_text, ctx, "---\ntitle: Wheels\ntype: page\nx: 1\n---\nText.")
    after = writer.edit(ctx, SITE, "a", "---\ntags: [wheels]\ndate: 2024-05-01\n---\nBetter text.")
    assert (after.title, after.slug, after.entity_type) == ("Wheels", "a", before.entity_type)
    assert (after.tags, str(after.published_on)) == (("wheels",), "2024-05-01")
    assert (after.body, after.extra, after.version) == ("Better text.", {}, 2)
    assert (after.source, after.status, after.id) == (before.source, before.status, before.id)
    (version,) = writer.versions(ctx, SITE, "a")
    assert (version.number, version.body, version.by) == (1, "Text.", ctx.actor.email)


def test_an_edit_that_changes_nothing_is_no_version(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    item = _item(import_text, ctx, DOUBTFUL)
    assert writer.edit(ctx, SITE, "a", to_file(item)) == item
    assert writer.versions(ctx, SITE, "a") == []


def test_an_edit_can_not_take_another_items_slug(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    import_text({"a.md": "Text.", "b.md": "Text."})
    before = writer.contents(ctx, SITE)
    with pytest.raises(Conflict, match="`b` is taken"):
        writer.edit(ctx, SITE, "a", "---\nslug: b\n---\nText.")
    assert writer.contents(ctx, SITE) == before
    assert writer.edit(ctx, SITE, "a", "---\nslug: c\n---\nText.").slug == "c"


def test_an_edit_that_does_not_read_changes_nothing(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    item = _item(import_text, ctx)
    with pytest.raises(InvalidInput, match=r"a\.md:1"):
        writer.edit(ctx, SITE, "a", "---\ntitle: x\nText")
    assert writer.content(ctx, SITE, "a") == item


def test_restoring_is_a_new_version_and_the_one_in_between_stays(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    _item(import_text, ctx, "---\ntitle: One\n---\nFirst.")
    writer.edit(ctx, SITE, "a", "---\ntitle: Two\n---\nSecond.")
    restored = writer.restore(ctx, SITE, "a", 1)
    assert (restored.title, restored.body, restored.version) == ("One", "First.", 3)
    assert [v.body for v in writer.versions(ctx, SITE, "a")] == ["First.", "Second."]
    assert writer.restore(ctx, SITE, "a", 2).body == "Second."
    with pytest.raises(NotFound, match="no version 9"):
        writer.restore(ctx, SITE, "a", 9)


def test_what_was_saved_is_rendered_again_only_when_the_body_changes(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    item = _item(import_text, ctx, "One *word*.")
    with ctx.read() as session:
        assert writer.rendered_bodies(session, _site_id(ctx)) == {
            item.id: "<p>One <em>word</em>.</p>\n"
        }
    writer.edit(ctx, SITE, "a", "Two words.")
    with ctx.read() as session:
        assert writer.rendered_bodies(session, _site_id(ctx))[item.id] == "<p>Two words.</p>\n"


def test_where_an_item_stands_follows_from_the_body_that_was_worked_on(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    item = _item(import_text, ctx)
    stages = [item.stage]
    for mark in (writer.mark_linked, writer.mark_optimized):
        with ctx.write() as session:
            mark(session, item.id)
        stages.append(writer.content(ctx, SITE, "a").stage)
    edited = writer.edit(ctx, SITE, "a", "Other text.")
    assert edited.linking is Linking.NEEDS_LINKING
    stages.append(edited.stage)
    with ctx.write() as session:
        writer.mark_linked(session, item.id)
    stages.append(writer.content(ctx, SITE, "a").stage)
    assert stages == [
        Stage.DRAFT,
        Stage.LINKED,
        Stage.OPTIMIZED,
        Stage.DRAFT,
        Stage.READY_FOR_OPTIMIZATION,
    ]
    assert [c.slug for c in writer.contents(ctx, SITE, stage=stages[-1])] == ["a"]
    assert writer.contents(ctx, SITE, linking=Linking.NOT_LINKED) == []


def test_a_name_that_is_not_there_offers_the_nearest(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    import_text({"wheel-truing.md": "Text."})
    with pytest.raises(NotFound) as caught:
        writer.content(ctx, SITE, "wheel-trueing")
    assert caught.value.hint == "did you mean `wheel-truing`?"


def test_a_restored_draft_is_checked_against_the_knowledge_files_again(
    ctx: Context, import_text: Callable[..., Any]
) -> None:
    _item(import_text, ctx)
    new = NewContent(title="Wheels", body="It costs £99.", slug="wheels", made_with={"x": "y"})
    with ctx.write() as session:
        store.add_content(session, _site_id(ctx), new, ctx.clock.now())
    writer.edit(ctx, SITE, "wheels", "It costs what it costs.")
    restored = writer.restore(ctx, SITE, "wheels", 1)
    assert [fact["text"] for fact in restored.unverified] == ["£99"]
    knowledge = ctx.config.site_folder(SITE) / "knowledge"
    knowledge.mkdir(exist_ok=True)
    (knowledge / "prices.md").write_text("# Prices\n\n- Wheels: £99\n")
    writer.restore(ctx, SITE, "wheels", 2)
    assert writer.restore(ctx, SITE, "wheels", 1).unverified == ()
