"""Publishing: a release is live whole or not at all, and the records say what happened."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from igny8 import accounts, publisher, renderer, writer
from igny8.context import Context
from igny8.core.errors import AdapterError, ConfigError, Conflict, InvalidInput, NotFound
from igny8.publisher import DeploymentStatus, store
from igny8.publisher.models import PublishingRecordRow
from igny8.publisher.types import Plan, Target
from igny8.testing.adapters import Disk
from igny8.writer import Status

SITE = "fernhill"
Write = Callable[..., None]
PAGE = "advice/wheels/index.html"


def _statuses(ctx: Context) -> list[DeploymentStatus]:
    """Newest first."""
    return [record.status for record in publisher.records(ctx, SITE)]


def _page(live: Path, path: str = PAGE) -> str:
    return (live / "current" / path).read_text()


def test_what_was_built_is_live_and_its_items_are_published(ctx: Context, live: Path) -> None:
    plan = publisher.plan(ctx, SITE)
    done = publisher.publish(ctx, SITE)
    assert done.plan == plan
    assert done.release_dir is not None
    assert (live / "current").resolve() == done.release_dir.resolve()
    assert "About wheels." in _page(live)
    assert {item.status for item in writer.contents(ctx, SITE)} == {Status.PUBLISHED}
    (record,) = publisher.records(ctx, SITE)
    assert (record.release, record.status) == (done.release, DeploymentStatus.DONE)
    assert (record.added, record.changed, record.removed) == (len(plan.added), 0, 0)
    with ctx.read() as session:
        rows = {row.content_id: row.url for row in session.scalars(select(PublishingRecordRow))}
    assert sorted(rows.values()) == [
        "https://fernhill.example/advice/tyres/",
        "https://fernhill.example/advice/wheels/",
    ]


def test_publishing_again_does_nothing(ctx: Context, live: Path) -> None:
    first = publisher.publish(ctx, SITE)
    second = publisher.publish(ctx, SITE)
    assert second.plan.is_empty
    assert (second.release, second.release_dir) == (first.release, first.release_dir)
    assert len(publisher.records(ctx, SITE)) == 1
    assert len(list((live / "releases").iterdir())) == 1


def test_only_what_changed_is_put_and_what_is_gone_is_removed(
    ctx: Context, live: Path, write: Write
) -> None:
    publisher.publish(ctx, SITE)
    write(wheels="All about wheels.", build=False)
    writer.set_status(ctx, SITE, "tyres", Status.ARCHIVED)
    renderer.build(ctx, SITE)
    plan = publisher.publish(ctx, SITE).plan
    assert PAGE in plan.changed
    assert "advice/tyres/index.html" in plan.removed
    assert plan.unchanged_count > 0
    assert "All about wheels." in _page(live)
    assert not (live / "current" / "advice" / "tyres").exists()


def test_an_item_that_is_not_in_the_build_is_not_called_published(
    ctx: Context, live: Path, write: Write
) -> None:
    write(late="Approved after the build.", build=False)
    publisher.publish(ctx, SITE)
    statuses = {item.slug: item.status for item in writer.contents(ctx, SITE)}
    assert statuses["late"] is Status.APPROVED
    assert statuses["wheels"] is Status.PUBLISHED


def test_so_many_releases_are_kept_and_current_never_dangles(
    ctx: Context, write: Write, tmp_path: Path
) -> None:
    write(wheels="0")
    live = tmp_path / "live"
    publisher.add_target(ctx, SITE, "live", "folder", {"path": str(live), "keep": "2"})
    for number in range(4):
        write(wheels=f"Number {number}.")
        publisher.publish(ctx, SITE)
        assert f"Number {number}." in _page(live)
    assert len(list((live / "releases").iterdir())) == 2
    assert len(list((live / "manifests").iterdir())) == 2
    assert _statuses(ctx) == [DeploymentStatus.DONE] * 4


def test_rolling_back_shows_the_release_before_and_the_records_say_so(
    ctx: Context, live: Path, write: Write
) -> None:
    first = publisher.publish(ctx, SITE).release
    write(wheels="Second.")
    second = publisher.publish(ctx, SITE).release
    assert publisher.rollback(ctx, SITE, None) == first
    assert "About wheels." in _page(live)
    assert _statuses(ctx) == [DeploymentStatus.ROLLED_BACK, DeploymentStatus.DONE]
    with pytest.raises(Conflict, match="no earlier release"):
        publisher.rollback(ctx, SITE, None)
    assert publisher.rollback(ctx, SITE, second) == second
    assert "Second." in _page(live)
    assert _statuses(ctx) == [DeploymentStatus.DONE, DeploymentStatus.DONE]
    with pytest.raises(NotFound, match="no release named"):
        publisher.rollback(ctx, SITE, "../../etc")


def test_after_a_roll_back_publishing_makes_a_new_release(
    ctx: Context, live: Path, write: Write
) -> None:
    publisher.publish(ctx, SITE)
    write(wheels="Second.")
    second = publisher.publish(ctx, SITE).release
    publisher.rollback(ctx, SITE, None)
    third = publisher.publish(ctx, SITE).release
    assert third > second
    assert "Second." in _page(live)
    assert _statuses(ctx) == [
        DeploymentStatus.DONE,
        DeploymentStatus.ROLLED_BACK,
        DeploymentStatus.DONE,
    ]


def test_a_put_that_fails_leaves_the_old_release_live_and_the_next_run_goes_through(
    ctx: Context, memory: Callable[..., Disk], write: Write
) -> None:
    disk = memory()
    first = publisher.publish(ctx, SITE).release
    before = dict(disk.releases[first])
    write(wheels="Second.")
    other = memory("flaky", fail_on=PAGE)
    other.releases, other.live = disk.releases, disk.live
    with pytest.raises(AdapterError) as caught:
        publisher.publish(ctx, SITE, "flaky")
    assert (caught.value.exit_status, caught.value.hint) == (6, "publish again")
    assert (disk.live, disk.releases) == (first, {first: before})
    record = publisher.records(ctx, SITE)[0]
    assert (record.target, record.status) == ("flaky", DeploymentStatus.FAILED)
    assert "connection was lost" in str(record.problem)
    publisher.publish(ctx, SITE, "memory")
    assert b"Second." in disk.releases[str(disk.live)][PAGE]
    assert _statuses(ctx) == [
        DeploymentStatus.DONE,
        DeploymentStatus.FAILED,
        DeploymentStatus.DONE,
    ]


def test_a_failure_that_may_have_happened_is_unknown_until_the_target_is_asked(
    ctx: Context, memory: Callable[..., Disk]
) -> None:
    memory("unsure", fail_on=PAGE, unsure="true")
    with pytest.raises(AdapterError):
        publisher.publish(ctx, SITE, "unsure")
    assert _statuses(ctx) == [DeploymentStatus.UNKNOWN]
    with pytest.raises(AdapterError):
        publisher.publish(ctx, SITE, "unsure")
    assert _statuses(ctx) == [DeploymentStatus.UNKNOWN, DeploymentStatus.FAILED]


def _started(ctx: Context, target: Target, release: str) -> str:
    """The record that a killed run leaves."""
    site = accounts.site(ctx, SITE, accounts.Need.WRITE)
    empty = Plan(target.name, (), (), (), 0)
    with ctx.write() as session:
        return store.start(
            session, site.id, target, release, empty, digest="", by="x", at=ctx.clock.now()
        )


def test_a_run_that_was_killed_is_settled_by_the_next_on_its_target_only(
    ctx: Context, memory: Callable[..., Disk]
) -> None:
    disk = memory("one")
    memory("two")
    one, two = publisher.targets(ctx, SITE)
    live = publisher.publish(ctx, SITE, "one").release
    disk.releases["z-whole"] = disk.releases.pop(live)
    disk.live = "z-whole"
    _started(ctx, one, "z-whole")
    _started(ctx, one, "z-half")
    _started(ctx, two, "z-other")
    publisher.publish(ctx, SITE, "one")
    by_release = {record.release: record.status for record in publisher.records(ctx, SITE)}
    assert by_release["z-whole"] is DeploymentStatus.DONE
    assert by_release["z-half"] is DeploymentStatus.FAILED
    assert by_release["z-other"] is DeploymentStatus.STARTED
    assert two.name == "two"


def test_a_release_that_somebody_removed_is_published_anew(ctx: Context, live: Path) -> None:
    publisher.publish(ctx, SITE)
    shutil.rmtree((live / "current").resolve())
    assert publisher.plan(ctx, SITE).unchanged_count == 0
    publisher.publish(ctx, SITE)
    assert "About wheels." in _page(live)


def test_a_file_that_somebody_removed_from_the_release_comes_back(ctx: Context, live: Path) -> None:
    publisher.publish(ctx, SITE)
    (live / "current" / PAGE).unlink()
    assert publisher.publish(ctx, SITE).plan.added == (PAGE,)
    assert "About wheels." in _page(live)


def test_a_build_that_was_changed_by_hand_is_not_published(ctx: Context, live: Path) -> None:
    output = renderer.output_folder(ctx, SITE)
    original = (output / PAGE).read_bytes()
    for change in (lambda: (output / PAGE).write_text("mine"), (output / PAGE).unlink):
        change()
        with pytest.raises(Conflict, match="changed after the build"):
            publisher.publish(ctx, SITE)
        assert not (live / "current").exists()
    assert _statuses(ctx) == [DeploymentStatus.FAILED] * 2
    renderer.build(ctx, SITE)
    publisher.publish(ctx, SITE)
    assert (live / "current" / PAGE).read_bytes() == original


def test_a_target_that_can_not_be_written_says_so_and_is_not_added(
    ctx: Context, write: Write, tmp_path: Path
) -> None:
    write(wheels="x")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AdapterError) as caught:
        publisher.add_target(ctx, SITE, "live", "folder", {"path": str(tmp_path / "file" / "www")})
    assert caught.value.exit_status == 6
    assert "permissions" in str(caught.value.hint)
    assert publisher.targets(ctx, SITE) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_target_that_became_read_only_fails_with_a_hint(
    ctx: Context, live: Path, write: Write
) -> None:
    publisher.publish(ctx, SITE)
    write(wheels="Second.")
    (live / "releases").chmod(0o555)
    try:
        with pytest.raises(AdapterError, match="Permission denied"):
            publisher.publish(ctx, SITE)
    finally:
        (live / "releases").chmod(0o755)
    assert "About wheels." in _page(live)


def test_a_folder_of_somebody_else_is_not_taken_for_ours(
    ctx: Context, write: Write, tmp_path: Path
) -> None:
    write(wheels="x")
    (tmp_path / "live" / "current").mkdir(parents=True)
    with pytest.raises(AdapterError, match="no link to a release"):
        publisher.add_target(ctx, SITE, "live", "folder", {"path": str(tmp_path / "live")})


@pytest.mark.parametrize(
    ("name", "adapter", "options", "said", "hint"),
    [
        ("live", "foldr", {}, "no adapter `foldr`", "did you mean `folder`?"),
        ("live", "folder", {}, "option `path`", "its options: path, keep"),
        ("live", "folder", {"path": "x", "kep": "2"}, "option `kep`", "its options: path, keep"),
        ("live", "folder", {"path": "x", "keep": "0"}, "option `keep`", "its options: path, keep"),
        ("Live site", "folder", {"path": "x"}, "no name for a target", "call it `live-site`"),
    ],
)
def test_a_target_that_does_not_fit_is_refused_with_what_does(
    ctx: Context,
    write: Write,
    name: str,
    adapter: str,
    options: dict[str, str],
    said: str,
    hint: str,
) -> None:
    write(wheels="x", build=False)
    with pytest.raises((InvalidInput, ConfigError), match=said) as caught:
        publisher.add_target(ctx, SITE, name, adapter, options)
    assert caught.value.hint == hint
    assert publisher.targets(ctx, SITE) == []


def test_a_broken_plugin_fails_when_it_is_used(ctx: Context, memory: Callable[..., Disk]) -> None:
    memory()
    with pytest.raises(ConfigError, match="ModuleNotFoundError"):
        publisher.add_target(ctx, SITE, "broken", "broken", {})


def test_a_site_without_a_build_or_a_target_says_what_to_do(
    ctx: Context, write: Write, tmp_path: Path
) -> None:
    write(wheels="x", build=False)
    with pytest.raises(NotFound, match="no target") as caught:
        publisher.publish(ctx, SITE)
    assert "target-add" in str(caught.value.hint)
    publisher.add_target(ctx, SITE, "live", "folder", {"path": str(tmp_path / "live")})
    with pytest.raises(NotFound, match="no finished build") as caught:
        publisher.publish(ctx, SITE)
    assert caught.value.hint == f"run `igny8 build {SITE}`"
    publisher.add_target(ctx, SITE, "second", "folder", {"path": str(tmp_path / "second")})
    with pytest.raises(NotFound, match="more than one target"):
        publisher.publish(ctx, SITE)
    with pytest.raises(NotFound) as caught:
        publisher.publish(ctx, SITE, "secnd")
    assert caught.value.hint == "did you mean `second`?"
    with pytest.raises(Conflict, match="`live` already"):
        publisher.add_target(ctx, SITE, "live", "folder", {"path": "x"})
