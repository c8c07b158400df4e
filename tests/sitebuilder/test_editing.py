"""Changes of a blueprint's tree, of its redirects and of its file's text, as values."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.core.errors import Conflict, InvalidInput, NotFound
from igny8.sitebuilder import editing, page_fields, redirects
from igny8.sitebuilder.blueprint import Blueprint, PageSpec, dump, parse
from igny8.sitebuilder.blueprint_file import rewritten, with_hints
from igny8.sitebuilder.editing import Beside
from igny8.sitebuilder.types import Redirect

TEXT = """# Ask Mara before changing this.
pages:
- {slug: '', title: Home}
# What we earn our living with.
- slug: services  # the first in the menu
  title: Services
  collect: service
  children:
  # Only in winter.
  - {slug: storage, title: Storage}
  - slug: hire
    title: Hire  # not Rent
- {slug: about, title: About}
- {slug: contact, title: Contact}
menus:
  header: [services, services/hire, about, contact]
redirects:
- {from: /old/, to: /services/hire/}  # since 2019
"""


def _tree(text: str = TEXT) -> Blueprint:
    return parse(text, file="b.yaml", templates=())


def _paths(tree: Blueprint) -> list[str]:
    return [page.path for page in tree.walk()]


def _page(path: str) -> PageSpec:
    return PageSpec(path, "T")


def _rules(*pairs: str) -> list[Redirect]:
    return [Redirect(*pair.split(" ")) for pair in pairs]


def test_a_new_page_stands_below_the_nearest_page_above_its_path() -> None:
    tree = editing.added(_tree(), _page("/services/repair/"))
    assert _paths(tree)[1:5] == ["/services/", "/services/storage/", "/services/hire/",
                                 "/services/repair/"]  # fmt: skip
    tree = editing.added(tree, _page("/services/hire/e-bikes/cargo/"), menus=["footer"])
    assert (
        editing.found(tree, "/services/hire/").children[0].path == "/services/hire/e-bikes/cargo/"
    )
    assert tree.menus["footer"] == ("/services/hire/e-bikes/cargo/",)
    assert parse(dump(tree), file="b.yaml", templates=()) == tree


def test_a_page_stands_before_or_after_the_one_that_is_named() -> None:
    after = editing.added(_tree(), _page("/shop/"), beside=Beside("/services/"))
    assert [page.path for page in after.pages] == ["/", "/services/", "/shop/", "/about/",
                                                   "/contact/"]  # fmt: skip
    before = editing.moved(_tree(), "/contact/", "/contact/", Beside("/about/", is_before=True))
    assert [page.path for page in before.pages] == ["/", "/services/", "/contact/", "/about/"]
    first = editing.moved(
        _tree(), "/services/hire/", "/services/hire/", Beside("/services/storage/", is_before=True)
    )
    assert [page.path for page in editing.found(first, "/services/").children] == [
        "/services/hire/",
        "/services/storage/",
    ]
    with pytest.raises(InvalidInput, match="not in the same section"):
        editing.added(_tree(), _page("/shop/"), beside=Beside("/services/hire/"))


def test_a_page_that_is_renamed_keeps_its_place_its_children_and_its_menu_entries() -> None:
    tree = editing.moved(_tree(), "/services/", "/work/")
    assert _paths(tree) == ["/", "/work/", "/work/storage/", "/work/hire/", "/about/", "/contact/"]
    assert tree.menus["header"] == ("/work/", "/work/hire/", "/about/", "/contact/")


def test_a_page_that_moves_to_another_section_takes_what_is_below_it_along() -> None:
    tree = editing.moved(_tree(), "/services/", "/about/services/")
    assert _paths(tree) == [
        "/",
        "/about/",
        "/about/services/",
        "/about/services/storage/",
        "/about/services/hire/",
        "/contact/",
    ]
    back = editing.moved(tree, "/about/services/", "/services/", Beside("/"))
    assert back == _tree()


def test_a_removed_page_goes_with_its_children_and_menu_entries() -> None:
    tree = editing.removed(_tree(), "/services/")
    assert _paths(tree) == ["/", "/about/", "/contact/"]
    assert tree.menus["header"] == ("/about/", "/contact/")
    assert editing.above(tree, "/services/hire/") == "/"
    assert editing.above(_tree(), "/services/hire/") == "/services/"


def test_what_can_not_be_is_refused_by_name() -> None:
    tree = _tree()
    with pytest.raises(Conflict, match="a page at `/about/` already"):
        editing.added(tree, _page("/about/"))
    with pytest.raises(Conflict, match="`/about/` already"):
        editing.moved(tree, "/contact/", "/about/")
    with pytest.raises(NotFound) as missing:
        editing.removed(tree, "/contct/")
    assert missing.value.hint == "did you mean `/contact/`?"
    with pytest.raises(NotFound, match="no menu named `heder`"):
        editing.added(tree, _page("/x/"), menus=["heder"])
    for path, new in (("/", "/x/"), ("/about/", "/"), ("/about/", "/about/us/")):
        with pytest.raises(InvalidInput):
            editing.moved(tree, path, new)
    with pytest.raises(InvalidInput, match="home page"):
        editing.removed(tree, "/")
    with pytest.raises(InvalidInput, match="beside itself"):
        editing.moved(tree, "/about/", "/about/", Beside("/about/"))
    with pytest.raises(InvalidInput) as odd:
        editing.path_of("/What we do/")
    assert odd.value.hint == "write /what-we-do/"
    assert (editing.path_of("a/b"), editing.path_of("/")) == ("/a/b/", "/")


def test_pages_of_a_version_become_a_tree_again() -> None:
    tree = _tree()
    assert editing.nested(_flat(tree)) == tree.pages
    odd = _tree("pages:\n- {slug: a/b, title: B}\n- {slug: a, title: A}\n- {slug: '', title: H}\n")
    assert editing.nested(_flat(odd)) == odd.pages


def _flat(tree: Blueprint) -> list[PageSpec]:
    return [PageSpec(p.path, p.title, p.template, collect=p.collect) for p in tree.walk()]


def test_comments_go_with_the_page_they_speak_of() -> None:
    old = _tree()
    new = editing.moved(old, "/services/", "/work/", Beside("/about/"))
    names = {p: p.replace("/services/", "/work/") for p in _paths(old)}
    text = rewritten(TEXT, old, new, names)
    assert parse(text, file="b.yaml", templates=()) == new
    lines = text.splitlines()
    assert lines[0] == "# Ask Mara before changing this."
    assert "- slug: work  # the first in the menu" in lines
    assert lines[lines.index("# What we earn our living with.") + 1].startswith("- slug: work")
    assert lines[lines.index("  # Only in winter.") + 1] == "  - slug: storage"
    assert "    title: Hire  # not Rent" in lines
    assert "- from: /old/  # since 2019" in lines
    gone = editing.removed(old, "/services/storage/")
    text = rewritten(TEXT, old, gone, {})
    assert "winter" not in text
    assert "title: Hire  # not Rent" in text


def test_hints_stand_above_the_pages_they_are_for() -> None:
    text = with_hints(_tree(), {"/services/hire/": "What it costs,\nand for how long."})
    above = text.split("  - slug: hire")[0].splitlines()[-2:]
    assert above == ["  # What it costs,", "  # and for how long."]


PAGES = {"/", "/a/", "/b/", "/b/x/", "/c/"}


def test_chains_lead_straight_to_their_end_and_the_newest_rule_wins() -> None:
    rules = _rules("/1/ /2/", "/2/ /a/", "/3/ /c/")
    made = redirects.merged(rules, _rules("/3/ /1/"), PAGES)
    assert list(made) == _rules("/1/ /a/", "/2/ /a/", "/3/ /a/")


def test_a_rule_goes_when_its_path_is_a_page_again_or_it_comes_back_to_its_start() -> None:
    rules = _rules("/a/ /b/", "/a /b/", "/1/ /2/", "/2/ /1/", "/x/ /x/", "/3/ /a/")
    assert list(redirects.merged(rules, [], PAGES)) == _rules("/3/ /a/")


def test_a_rule_for_all_below_is_followed_too() -> None:
    rules = _rules("/o/x/ /old/x/", "/old/* /b/*", "/old/y/z/ /c/", "/p/* /old/*")
    made = redirects.merged(rules, [], PAGES)
    assert list(made) == _rules("/o/x/ /b/x/", "/old/* /b/*", "/old/y/z/ /c/", "/p/* /b/*")


def test_a_section_that_moves_back_leaves_no_rule_to_itself() -> None:
    there = redirects.merged([], _rules("/s/ /w/", "/s/* /w/*"), {"/w/", "/w/x/"})
    back = redirects.moved(there, "/w/", "/s/", {"/s/", "/s/x/"})
    made = redirects.merged(back, _rules("/w/ /s/", "/w/* /s/*"), {"/s/", "/s/x/"})
    assert list(made) == _rules("/w/ /s/", "/w/* /s/*")


def test_rules_with_stars_are_written_out_for_what_they_speak_of() -> None:
    rules = _rules("/old/ /b/", "/old/* /b/*", "/gone/* /a/", "/old/y/ /c/")
    made = redirects.expanded(rules, PAGES, ["wheels"])
    assert list(made) == _rules("/old/ /b/", "/old/y/ /c/", "/old/x/ /b/x/", "/gone/wheels/ /a/")


@pytest.mark.parametrize(
    ("old", "to", "said"),
    [
        ("old", "/a/", "starts at a path"),
        ("/", "/a/", "starts at a path"),
        ("/*", "/a/*", "starts at a path"),
        ("/../x/", "/a/", "starts at a path"),
        ("/o ld/", "/a/", "no spaces"),
        ("/old/", "a/", "leads to a path"),
        ("/old/", "javascript:alert(1)", "leads to a path"),
        ("/old/", "//evil.example/", ""),
        ("/o*d/", "/a/", "at the end"),
        ("/old/", "/a/*", "starts at `/…/*` too"),
        ("/old/*", "https://x.example/*", "starts at `/…/*` too"),
        ("/old/", "/old/", "back to itself"),
        ("/old/*", "/a/", ""),
        ("/old.html", "https://x.example", ""),
    ],
)
def test_a_rule_that_can_not_work_is_named(old: str, to: str, said: str) -> None:
    found = redirects.objection(Redirect(old, to))
    assert said in found
    assert bool(found) is bool(said)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("123abc"), st.sampled_from("123abcd")), max_size=8))
def test_no_merged_rule_leads_to_another_or_starts_at_a_page(pairs: list[tuple[str, str]]) -> None:
    rules = [Redirect(f"/{old}/", f"/{to}/") for old, to in pairs]
    made = redirects.merged(rules, [], PAGES)
    starts = {rule.from_path for rule in made}
    assert not starts & PAGES
    assert not starts & {rule.to_path for rule in made}
    assert redirects.merged(made, [], PAGES) == made


def test_former_slugs_and_paths_of_an_item_become_paths() -> None:
    said = ["old", "/Old/Path", "/old.html", "", "  ", 3, "/"]
    assert redirects.aliases("/advice/new/", said) == ["/advice/old/", "/Old/Path/", "/old.html"]
    assert redirects.aliases("/new/", "old") == ["/old/"]


def test_a_page_is_edited_as_text_and_by_single_fields() -> None:
    page = PageSpec("/a/", "A", "home", description="D")
    text = page_fields.as_text(page)
    assert text.startswith("# /a/: title, template")
    same = page_fields.from_text(page, text, file="f", templates=["home"])
    assert same == page
    given = {
        "title": "New: yes",
        "description": "",
        "noindex": "true",
        "blocks.0.notice.text": "a: b",
    }
    made = page_fields.with_fields(page, given, templates=["home"])
    assert (made.title, made.description, made.is_noindex) == ("New: yes", "", True)
    assert made.blocks[0].data == {"text": "a: b"}
    more = page_fields.with_fields(made, {"blocks.1.notice.text": "'2'", "blocks.0": ""},
                                   templates=["home"])  # fmt: skip
    assert [dict(block.data) for block in more.blocks] == [{"text": "2"}]
    for name, value, said in (
        ("blocks", "[{faq: {items: []}}]", "block `faq`"),
        ("blocks", "[{faq", "`blocks`: line"),
        ("blocks.x", "[]", "`x` is no number from 0 to 1"),
        ("title.x", "y", "nothing below `x`"),
        ("noindex", "yes", "`noindex` is true or false"),
        ("slug", "x", "not changed here"),
    ):
        with pytest.raises(InvalidInput, match=re.escape(said)):
            page_fields.with_fields(made, {name: value}, templates=["home"])


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("titel: x", "f:1: a page has no field `titel`", "did you mean `title`?"),
        ("title: x\nslug: y", "f:2: `slug` is not changed here", "page-move"),
        ("title: x\nchildren: []", "f:2: `children` is not changed here", "page-move"),
        ("- x", "f:1: a page is a mapping", "title"),
        ("", "neither `title` nor `content`", None),
        ("title: x\nblocks:\n- faq: {items: []}", "f:3: block `faq`", None),
    ],
)
def test_a_slip_in_a_page_is_named_with_its_line(text: str, said: str, hint: str | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        page_fields.from_text(PageSpec("/a/", "A"), text, file="f", templates=())
    assert said in caught.value.message
    assert (hint is None) or hint in str(caught.value.hint)
