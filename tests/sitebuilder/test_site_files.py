"""A site's own files: what comes in, who may, how much, and that nothing gets lost."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from stores import TestApp

from igny8 import accounts, sitebuilder
from igny8.accounts import Role
from igny8.app import Who
from igny8.context import Context
from igny8.core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from igny8.safety import paths
from igny8.sitebuilder import FileState, SiteFile, store, uploads

SITE = "fernhill"


def picture(colour: int = 1, format_: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (colour, 0, 0)).save(buffer, format_)
    return buffer.getvalue()


@pytest.fixture
def inbox(tmp_path: Path, site: accounts.Site) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "Our Workshop.PNG").write_bytes(picture())
    return folder


@pytest.fixture
def kept(workspace: Path) -> Path:
    return workspace / "sites" / SITE / "files"


def add(ctx: Context, *sources: Path, **options: Any) -> list[SiteFile]:
    outcome = sitebuilder.add_site_files(ctx, SITE, sources, **options)
    assert outcome.problems == ()
    return [added.file for added in outcome.done]


def refused(ctx: Context, *sources: Path, **options: Any) -> str:
    outcome = sitebuilder.add_site_files(ctx, SITE, sources, **options)
    assert outcome.done == ()
    (problem,) = outcome.problems
    return problem.message


def test_a_file_gets_an_address_that_every_host_serves(
    ctx: Context, inbox: Path, kept: Path
) -> None:
    (file,) = add(ctx, inbox / "Our Workshop.PNG", alt="The workshop", into="Photos")
    assert file.url == "/files/photos/our-workshop.png"
    assert (file.media_type, file.width, file.height, file.alt) == (
        "image/png",
        40,
        20,
        "The workshop",
    )
    data = (kept / "photos" / "our-workshop.png").read_bytes()
    assert data == picture()
    assert (file.size, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert sitebuilder.site_files(ctx, SITE) == [file]
    assert sitebuilder.site_file(ctx, SITE, file.url) == (file, kept / file.path)


def test_a_folder_comes_with_all_that_is_in_it(ctx: Context, inbox: Path) -> None:
    (inbox / "deep" / "er").mkdir(parents=True)
    (inbox / "deep" / "er" / "notes.txt").write_text("words")
    (inbox / ".hidden").write_text("no")
    (inbox / "link.txt").symlink_to(inbox / ".hidden")
    assert [file.path for file in add(ctx, inbox)] == [
        "inbox/our-workshop.png",
        "inbox/deep/er/notes.txt",
    ]


def test_adding_again_changes_nothing(ctx: Context, inbox: Path, kept: Path) -> None:
    (first,) = add(ctx, inbox / "Our Workshop.PNG", alt="A")
    stamp = (kept / first.path).stat().st_mtime_ns
    again = sitebuilder.add_site_files(ctx, SITE, [inbox / "Our Workshop.PNG"])
    assert [(added.file, added.is_new) for added in again.done] == [(first, False)]
    assert (kept / first.path).stat().st_mtime_ns == stamp


def test_another_file_takes_a_place_only_when_it_is_told_to(ctx: Context, inbox: Path) -> None:
    (first,) = add(ctx, inbox / "Our Workshop.PNG", alt="A")
    (inbox / "Our Workshop.PNG").write_bytes(picture(2))
    assert "another file" in refused(ctx, inbox / "Our Workshop.PNG")
    assert sitebuilder.site_files(ctx, SITE) == [first]
    (second,) = add(ctx, inbox / "Our Workshop.PNG", is_replacing=True)
    assert (second.path, second.alt) == (first.path, "A")
    assert second.sha256 != first.sha256
    assert sitebuilder.site_files(ctx, SITE) == [second]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.jpg", picture(), "bytes are image/png"),
        ("page.html", b"<!DOCTYPE html><script>x()</script>", "no kind of file"),
        ("page.txt", b"<script>x()</script>", "no kind of file"),
        ("page.js", b"alert(1)", "bytes are text/plain"),
        ("run.png", b"\x7fELF\x02\x01", "no kind of file"),
        ("cut.png", picture(size=(400, 400))[:-40], "damaged"),
        ("bomb.svg", b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg>&a;</svg>', "entities"),
        ("empty.png", b"", "empty"),
    ],
)
def test_what_is_not_what_it_says_stays_out(
    name: str, data: bytes, said: str, ctx: Context, inbox: Path, kept: Path
) -> None:
    (inbox / name).write_bytes(data)
    assert said in refused(ctx, inbox / name)
    assert sitebuilder.site_files(ctx, SITE) == []
    assert not kept.exists() or list(kept.rglob("*")) == []


def test_a_bad_file_stops_no_other(ctx: Context, inbox: Path) -> None:
    (inbox / "a.png").write_bytes(b"no")
    outcome = sitebuilder.add_site_files(ctx, SITE, [inbox, inbox / "gone.png"])
    assert [added.file.path for added in outcome.done] == ["inbox/our-workshop.png"]
    assert [Path(problem.where).name for problem in outcome.problems] == ["a.png", "gone.png"]


def test_an_svg_is_kept_without_what_could_run(ctx: Context, inbox: Path, kept: Path) -> None:
    source = inbox / "logo.svg"
    source.write_bytes(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><script>x()</script>'
        b'<rect width="8" height="4" onclick="x()"/></svg>'
    )
    for is_new in (True, False):
        (added,) = sitebuilder.add_site_files(ctx, SITE, [source]).done
        assert added.is_new is is_new
        assert added.removed == ("<script>", "onclick")
        assert (added.file.width, added.file.height) == (8, 4)
    assert b"x()" not in (kept / "logo.svg").read_bytes()


def test_a_site_keeps_no_more_than_its_quota(ctx: Context, inbox: Path, kept: Path) -> None:
    accounts.set_site(ctx, SITE, "files.quota_mb", "1")
    for name in ("a", "b"):
        (inbox / f"{name}.txt").write_text(name * 600_000)
    (first,) = add(ctx, inbox / "a.txt")
    assert "1 MB are used" in refused(ctx, inbox / "b.txt")
    assert [path.name for path in kept.iterdir()] == ["a.txt"]
    (inbox / "a.txt").write_text("c" * 900_000)  # what it replaces does not count
    (again,) = add(ctx, inbox / "a.txt", is_replacing=True)
    assert (again.path, again.size) == (first.path, 900_000)
    accounts.set_site(ctx, SITE, "files.max_mb", "1")
    (inbox / "b.txt").write_text("b" * 1_000_001)
    assert "more than 1 MB" in refused(ctx, inbox / "b.txt")


@pytest.mark.parametrize("into", ["../..", "/etc", "a/../..", "C:", "a\\b", "x\0y"])
def test_no_file_leaves_the_folder(into: str, ctx: Context, inbox: Path, workspace: Path) -> None:
    before = sorted(path for path in workspace.rglob("*") if path.name == "our-workshop.png")
    outcome = sitebuilder.add_site_files(ctx, SITE, [inbox / "Our Workshop.PNG"], into=into)
    for added in outcome.done:
        assert sitebuilder.site_file(ctx, SITE, added.file.path)[1].is_file()
    found = sorted(path for path in workspace.rglob("*") if path.name == "our-workshop.png")
    assert all(path.is_relative_to(workspace / "sites" / SITE / "files") for path in found)
    assert before == []
    for name in ("../site.toml", "/etc/passwd", "../../other/files/x"):
        for call in (sitebuilder.site_file, _remove):
            with pytest.raises((NotFound, InvalidInput)):
                call(ctx, SITE, name)
    assert (workspace / "sites" / SITE / "site.toml").is_file()


def _remove(ctx: Context, site: str, name: str) -> None:
    (problem,) = sitebuilder.remove_site_files(ctx, site, [name]).problems
    raise InvalidInput(problem.message)


def test_a_link_that_leads_out_is_not_written_through(
    ctx: Context, inbox: Path, kept: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    kept.mkdir()
    (kept / "photos").symlink_to(outside)
    assert "leads out" in refused(ctx, inbox / "Our Workshop.PNG", into="photos")
    assert list(outside.iterdir()) == []


def test_a_removed_file_is_gone_with_its_empty_folder(
    ctx: Context, inbox: Path, kept: Path
) -> None:
    add(ctx, inbox / "Our Workshop.PNG", into="a/b")
    done = sitebuilder.remove_site_files(ctx, SITE, ["/files/a/b/our-workshop.png", "x.png"])
    assert done.done == ("a/b/our-workshop.png",)
    assert [problem.where for problem in done.problems] == ["x.png"]
    assert list(kept.iterdir()) == []
    assert sitebuilder.site_files(ctx, SITE) == []


def test_a_described_file_keeps_its_description(ctx: Context, inbox: Path) -> None:
    (file,) = add(ctx, inbox / "Our Workshop.PNG")
    told = sitebuilder.describe_site_file(ctx, SITE, file.path, "Workshop")
    assert told.alt == "Workshop"
    assert sitebuilder.site_files(ctx, SITE) == [told]
    assert add(ctx, inbox / "Our Workshop.PNG") == [told]
    with pytest.raises(InvalidInput, match="500"):
        sitebuilder.describe_site_file(ctx, SITE, file.path, "x" * 501)


def test_a_list_says_what_the_folder_and_the_store_do_not_share(
    ctx: Context, inbox: Path, kept: Path
) -> None:
    names = ("a.txt", "b.txt", "c.txt")
    for name in names:
        (inbox / name).write_text("some words")
    add(ctx, *(inbox / name for name in names))
    (kept / "b.txt").unlink()
    (kept / "c.txt").write_text("other words")
    (kept / "d.txt").write_text("loose")
    states = {file.path: file.state for file in sitebuilder.site_files(ctx, SITE)}
    assert states == {
        "a.txt": FileState.KEPT,
        "b.txt": FileState.MISSING,
        "c.txt": FileState.CHANGED,
        "d.txt": FileState.LOOSE,
    }
    for name, said in (("b.txt", "gone"), ("c.txt", "changed")):
        with pytest.raises((NotFound, Conflict), match=said):
            sitebuilder.site_file(ctx, SITE, name)
    # Adding mends them: from where they came, or from where they are.
    add(ctx, inbox / "b.txt", kept / "d.txt")
    add(ctx, kept / "c.txt", is_replacing=True)
    assert {file.state for file in sitebuilder.site_files(ctx, SITE)} == {FileState.KEPT}
    assert sitebuilder.site_file(ctx, SITE, "c.txt")[1].read_text() == "other words"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_replacing", [False, True])
def test_whatever_fails_between_file_and_row_the_next_run_mends(
    is_replacing: bool, ctx: Context, inbox: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = inbox / "Our Workshop.PNG"
    if is_replacing:
        add(ctx, source)
        source.write_bytes(picture(2))

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    for owner, name in ((store, "put_file"), (paths, "write_atomically")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, killed)
            with pytest.raises(Killed):
                add(ctx, source, is_replacing=is_replacing)
        if name == "put_file":  # the file was there before its row
            assert (kept / "our-workshop.png").read_bytes() == source.read_bytes()
            (kept / ".igny8-0123.tmp").write_bytes(b"half")
            (file,) = add(ctx, source, is_replacing=is_replacing)
            assert sitebuilder.site_file(ctx, SITE, file.path)[0] == file
            assert [path.name for path in kept.iterdir()] == ["our-workshop.png"]
            source.write_bytes(picture(3))
            is_replacing = True
        else:
            assert sitebuilder.site_file(ctx, SITE, "our-workshop.png")[0] == file

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            sitebuilder.remove_site_files(ctx, SITE, ["our-workshop.png"])
    (left,) = sitebuilder.site_files(ctx, SITE)
    assert left.state is FileState.LOOSE
    assert sitebuilder.remove_site_files(ctx, SITE, ["our-workshop.png"]).problems == ()
    assert sitebuilder.site_files(ctx, SITE) == []


def test_viewers_read_and_editors_write_where_they_were_granted(
    ctx: Context, inbox: Path, workspace: Path
) -> None:
    (file,) = add(ctx, inbox / "Our Workshop.PNG")
    for role in (Role.ADMIN, Role.EDITOR, Role.VIEWER):
        accounts.add_user(ctx, f"{role}@acme.example", role)
    accounts.grant_access(ctx, "viewer@acme.example", SITE)

    def as_(role: Role) -> Context:
        return app.context(Who(email=f"{role}@acme.example"))

    with TestApp(workspace) as app:
        with pytest.raises(NotFound):
            sitebuilder.site_files(as_(Role.EDITOR), SITE)
        accounts.grant_access(ctx, "editor@acme.example", SITE)
        for role in (Role.ADMIN, Role.EDITOR, Role.VIEWER):
            assert sitebuilder.site_files(as_(role), SITE) == [file]
        for refuse in (
            lambda viewer: sitebuilder.add_site_files(viewer, SITE, [inbox]),
            lambda viewer: sitebuilder.describe_site_file(viewer, SITE, file.path, "x"),
            lambda viewer: sitebuilder.remove_site_files(viewer, SITE, [file.path]),
        ):
            with pytest.raises(AccessDenied):
                refuse(as_(Role.VIEWER))
        (inbox / "b.txt").write_text("b")
        (more,) = add(as_(Role.EDITOR), inbox / "b.txt")
        assert more.added_by == "editor@acme.example"
        assert sitebuilder.remove_site_files(as_(Role.ADMIN), SITE, ["b.txt"]).done == ("b.txt",)


def test_the_commands_add_list_get_describe_and_remove(
    igny8: Callable[..., Any], inbox: Path, tmp_path: Path
) -> None:
    words = ("sitebuilder", "files")
    made = igny8(*words, "add", inbox / "Our Workshop.PNG", "--site", SITE)
    assert (made.status, made.out) == (0, "/files/our-workshop.png added\n"), made.err
    described = igny8(*words, "describe", "our-workshop.png", "The workshop", "--site", SITE)
    assert described.status == 0
    (row,) = json.loads(igny8(*words, "list", "--site", SITE, "--json").out)
    assert (row["alt"], row["state"], row["width"]) == ("The workshop", "kept", 40)
    got = igny8(*words, "get", row["url"], "--site", SITE, "--out", tmp_path / "copy.png")
    assert got.status == 0
    assert (tmp_path / "copy.png").read_bytes() == picture()
    (inbox / "bad.png").write_text("<b>")
    partly = igny8(*words, "add", inbox / "bad.png", "--site", SITE)
    assert (partly.status, partly.out) == (8, "")
    assert igny8(*words, "remove", row["path"], "--site", SITE).status == 2
    assert igny8(*words, "remove", row["path"], "--site", SITE, "--yes").status == 0
    assert igny8(*words, "list", "--site", SITE, "--format", "count").out == "0\n"


@pytest.mark.parametrize(
    ("name", "media_type", "path"),
    [
        ("Été à la mer (2).JPEG", "image/jpeg", "ete-a-la-mer-2.jpeg"),
        ("a/Bericht 2026", "application/pdf", "a/bericht-2026.pdf"),
        ("写真.png", "image/png", "file.png"),
        ("写真/x.PNG", "image/png", "folder/x.png"),
        ("prices.CSV", "text/plain", "prices.csv"),
        ("archive.tar.zip", "application/zip", "archive-tar.zip"),
    ],
)
def test_addresses_are_lower_case_words(name: str, media_type: str, path: str) -> None:
    assert uploads.address(name, media_type) == path
