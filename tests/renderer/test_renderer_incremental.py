"""A build after any history of changes is, byte for byte, what a clean build makes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import PAGES, ROOT, SITE

from igny8.core.errors import Conflict
from igny8.renderer import MANIFEST, load_layout
from igny8.renderer.building import Updated, bring_up_to_date
from igny8.renderer.rendering import Rendering
from igny8.sitebuilder.types import (
    Image,
    MenuItem,
    Menus,
    Page,
    PageKind,
    Redirect,
    Snapshot,
    Theme,
)

Edit = Callable[[st.DataObject, Snapshot], Snapshot]


def built(snapshot: Snapshot, out: Path, site: Path, **options: object) -> Updated:
    roots = [site / "layouts", ROOT / "layouts"]
    recipes = [site / "templates", ROOT / "templates"]
    layout = load_layout(snapshot.site.layout, [root for root in roots if root.is_dir()], recipes)
    return bring_up_to_date(Rendering(snapshot, layout), out, **options)  # type: ignore[arg-type]


def tree(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def changed(snapshot: Snapshot, old: Page, **fields: object) -> Snapshot:
    new = replace(old, **fields)  # type: ignore[arg-type]
    return replace(snapshot, pages=tuple(new if p is old else p for p in snapshot.pages))


def some(data: st.DataObject, snapshot: Snapshot) -> Page:
    return data.draw(st.sampled_from(snapshot.pages))


def an_edit(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    target = some(data, snapshot)
    body = (
        f'<h2 id="a">A</h2><p>See <a href="igny8:{target.id}">it</a> <a href="../x.md">x</a>.</p>'
    )
    return changed(snapshot, some(data, snapshot), body_html=body)


def a_picture(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    image = data.draw(st.sampled_from([None, Image("/files/a.png", "A"), Image("/files/b.png")]))
    body = data.draw(st.sampled_from(["", '<p><img src="/files/c.png" alt="C"></p>']))
    return changed(snapshot, some(data, snapshot), image=image, body_html=body)


def a_title(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    title = data.draw(st.sampled_from(["One", "Two & more", "Winter", "Three"]))
    return changed(snapshot, some(data, snapshot), title=title, summary=title.lower())


def a_rename(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    page = some(data, snapshot)
    path = data.draw(st.sampled_from(["/x/", "/guides/x/", "/services/y/", "/z/z/"]))
    is_free = all(path not in (p.path, p.path + "page/2/") for p in snapshot.pages)
    return changed(snapshot, page, path=path) if is_free and page.path != "/" else snapshot


def a_removal(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    page = some(data, snapshot)
    if page.path == "/":
        return snapshot
    return replace(snapshot, pages=tuple(p for p in snapshot.pages if p is not page))


def a_new_page(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    number = data.draw(st.integers(0, 60))
    id_ = f"new-{number}"
    if any(page.id == id_ for page in snapshot.pages):
        return snapshot
    page = Page(
        id=id_,
        path=f"/guides/{id_}/",
        kind=PageKind.POST,
        title=f"New {number}",
        parent_id="guides",
        published_on=date(2026, 1, 1 + number % 28),
        terms=(("tags", data.draw(st.sampled_from(["Winter", "Summer"]))),),
        related=(some(data, snapshot).id,),
        body_html="<p>New.</p>",
    )
    return replace(snapshot, pages=(*snapshot.pages, page))


def many_pages(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    for _ in range(25):  # more than one page of a list
        snapshot = a_new_page(data, snapshot)
    return snapshot


def terms(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    names = data.draw(st.lists(st.sampled_from(["Winter", "Summer"]), unique=True))
    return changed(snapshot, some(data, snapshot), terms=tuple(("tags", name) for name in names))


def hiding(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    page = some(data, snapshot)
    return changed(snapshot, page, is_noindex=not page.is_noindex)


def a_move_in_order(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, pages=tuple(data.draw(st.permutations(snapshot.pages))))


def a_menu(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    items = tuple(MenuItem(p.title, p.id) for p in snapshot.pages[: data.draw(st.integers(0, 4))])
    return replace(snapshot, site=replace(snapshot.site, menus=Menus(header=items)))


def a_theme(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    brand = data.draw(st.sampled_from(["#2457a6", "#8a1c1c"]))
    return replace(snapshot, site=replace(snapshot.site, theme=Theme(brand=brand)))


def a_setting(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    field, value = data.draw(
        st.sampled_from(
            [
                ("layout", "blog"),
                ("layout", "corporate"),
                ("base_url", "https://other.example/shop"),
                ("name", "Other"),
                ("locale", "en-US"),
                ("redirect_formats", ("nginx", "apache")),
                ("section_feeds", False),
                ("markdown_pages", True),
                ("llms_full", True),
                ("sitemap_images", "all"),
            ]
        )
    )
    return replace(snapshot, site=replace(snapshot.site, **{field: value}))


def a_redirect(data: st.DataObject, snapshot: Snapshot) -> Snapshot:
    to = some(data, snapshot).path
    gone = data.draw(st.sampled_from([(), ("/sale/",), ("/x/",)]))
    return replace(snapshot, redirects=(Redirect("/old/", to),), gone=gone)


EDITS = (
    *(an_edit, a_title, a_rename, a_removal, a_new_page, many_pages, terms, hiding),
    *(a_picture, a_move_in_order, a_menu, a_theme, a_setting, a_redirect),
)


def a_template(data: st.DataObject, site: Path) -> None:
    folder = site / "layouts" / "_blocks"
    if folder.exists():
        shutil.rmtree(site / "layouts")
        return
    folder.mkdir(parents=True)
    word = data.draw(st.sampled_from(["Mine", "Ours"]))
    (folder / "tags.html").write_text(f"<p>{word} {{{{ view|length }}}}</p>\n", "utf-8")


def a_recipe(data: st.DataObject, site: Path) -> None:
    del data
    recipe = site / "templates" / "article.yaml"
    if recipe.exists():
        recipe.unlink()
        return
    recipe.parent.mkdir(parents=True, exist_ok=True)
    recipe.write_text("title: Bare\nregions:\n  main:\n    - rich_text: {source: body}\n", "utf-8")


def damage(data: st.DataObject, out: Path) -> None:
    made = sorted(path for path in out.rglob("*.html") if path.is_file())
    if not made:
        return
    victim = data.draw(st.sampled_from(made))
    if data.draw(st.booleans()):
        victim.unlink()
    else:
        victim.write_bytes(b"changed by hand")


def any_history_ends_like_a_clean_build(data: st.DataObject, folder: Path) -> None:
    site, out = folder / "site", folder / "out"
    snapshot = Snapshot(SITE, PAGES)
    built(snapshot, out, site)
    for _ in range(data.draw(st.integers(1, 5))):
        kind = data.draw(st.sampled_from((*EDITS, a_template, a_recipe, damage)))
        if kind in (a_template, a_recipe):
            kind(data, site)  # type: ignore[operator]
        elif kind is damage:
            damage(data, out)
        else:
            snapshot = kind(data, snapshot)  # type: ignore[operator]
        if data.draw(st.booleans()):
            built(snapshot, out, site)
    last = built(snapshot, out, site)
    clean = built(snapshot, folder / "clean", site)
    assert tree(out) == tree(folder / "clean")
    assert last.unresolved == clean.unresolved
    again = built(snapshot, out, site)
    assert (again.written.written, again.written.removed) == ((), ())
    assert again.unresolved == clean.unresolved


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_history_of_changes_ends_in_what_a_clean_build_makes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    any_history_ends_like_a_clean_build(data, tmp_path_factory.mktemp("history"))


@pytest.mark.drill
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_many_histories_of_changes_end_in_what_a_clean_build_makes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    any_history_ends_like_a_clean_build(data, tmp_path_factory.mktemp("history"))


def with_posts(count: int) -> Snapshot:
    posts = [
        Page(
            id=f"post-{number}",
            path=f"/guides/post-{number}/",
            kind=PageKind.POST,
            title=f"Post {number}",
            parent_id="guides",
            published_on=date(2026, 1, 1 + number % 28),
            body_html="<p>Text.</p>",
        )
        for number in range(count)
    ]
    return Snapshot(SITE, (*PAGES, *posts))


def test_a_changed_body_makes_its_own_page_and_nothing_else(tmp_path: Path) -> None:
    snapshot = with_posts(50)
    built(snapshot, tmp_path / "out", tmp_path)
    old = next(page for page in snapshot.pages if page.id == "post-7")
    done = built(changed(snapshot, old, body_html="<p>New.</p>"), tmp_path / "out", tmp_path)
    feeds = {"feed.xml", "atom.xml", "feed.json"}
    assert set(done.written.written) - feeds == {"guides/post-7/index.html"}


def test_a_changed_title_makes_its_page_and_the_lists_that_show_it(tmp_path: Path) -> None:
    snapshot = with_posts(50)
    built(snapshot, tmp_path / "out", tmp_path)
    old = next(page for page in snapshot.pages if page.id == "post-0")  # among the oldest
    done = built(changed(snapshot, old, title="Another"), tmp_path / "out", tmp_path)
    assert set(done.written.written) == {
        "guides/post-0/index.html",
        "guides/page/3/index.html",
        "llms.txt",
    }


def test_a_new_post_makes_the_feeds_of_its_section_and_no_others(tmp_path: Path) -> None:
    snapshot = with_posts(3)
    built(snapshot, tmp_path / "out", tmp_path)
    new = Page(
        id="new",
        path="/guides/new/",
        kind=PageKind.POST,
        title="New",
        parent_id="guides",
        published_on=date(2026, 5, 1),
    )
    later = replace(snapshot, pages=(*snapshot.pages, new))
    done = built(later, tmp_path / "out", tmp_path)
    feeds = {path for path in done.written.written if path.endswith(("feed.xml", "feed.json"))}
    assert feeds == {"feed.xml", "feed.json", "guides/feed.xml", "guides/feed.json"}
    built(later, tmp_path / "clean", tmp_path)
    assert tree(tmp_path / "out") == tree(tmp_path / "clean")


def test_several_processes_make_the_same_files_as_one(tmp_path: Path) -> None:
    snapshot = with_posts(400)
    built(snapshot, tmp_path / "one", tmp_path, processes=1)
    done = built(snapshot, tmp_path / "three", tmp_path, processes=3)
    assert tree(tmp_path / "one") == tree(tmp_path / "three")
    assert done.written.written_count == len(tree(tmp_path / "one"))


@pytest.mark.parametrize("number", [396, 397, 398, 399])
def test_what_goes_wrong_in_any_process_fails_the_build_with_its_reason(
    tmp_path: Path, number: int
) -> None:
    out = tmp_path / "out"
    built(with_posts(0), out, tmp_path)
    mine = out / "guides" / f"post-{number}" / "index.html"
    mine.parent.mkdir()
    mine.write_text("somebody else's", "utf-8")
    with pytest.raises(Conflict, match=f"post-{number}"):
        built(with_posts(400), out, tmp_path, processes=4)
    assert mine.read_text("utf-8") == "somebody else's"
    mine.unlink()
    built(with_posts(400), out, tmp_path)
    built(with_posts(400), tmp_path / "clean", tmp_path)
    assert tree(out) == tree(tmp_path / "clean")
