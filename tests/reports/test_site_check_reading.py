"""Pages are read as browsers read them; where a browser would repair, something is found."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode
from whole_site import BASE, CSS, check, page, whole

from igny8.reports.site_check import BuiltFiles, Expectations, check_site
from igny8.reports.site_check.nesting import misplaced
from igny8.reports.site_check.requests import candidates
from igny8.reports.site_check.source import read_page
from igny8.reports.site_check.theme import schemes

# Parents with children that mostly fit, so that whole trees come of it as well as broken ones.
_FITTING = {
    "div": "div p ul dl table section h2 form a span details blockquote figure svg text",
    "section": "h2 p div ul section a text",
    "blockquote": "p ul text",
    "figure": "img p figcaption",
    "figcaption": "text a",
    "form": "p label select button input",
    "ul": "li",
    "li": "p text a ul b",
    "dl": "dt dd div",
    "dt": "text a",
    "dd": "p text",
    "table": "tbody tr caption",
    "caption": "text",
    "tbody": "tr",
    "tr": "td th",
    "td": "text p a table",
    "th": "text b",
    "details": "summary p",
    "summary": "text b h2",
    "p": "text a b i span br img comment",
    "h2": "text a span",
    "a": "text b span p img",
    "b": "text i a",
    "i": "text b",
    "span": "text b i a br",
    "label": "text input select",
    "select": "option",
    "option": "text",
    "button": "text span",
    "svg": "path title",
    "title": "text",
    "path": "",
}
_LEAVES = {
    "text": "text ",
    "comment": "<!-- <p> -->",
    "br": "<br>",
    "img": "<img>",
    "input": "<input>",
}


@st.composite
def _source(draw: st.DrawFn) -> str:
    """HTML of elements that mostly fit; some end tags are left out, some tags are astray."""
    parts: list[str] = []

    def element(name: str, depth: int) -> None:
        if name in _LEAVES:
            parts.append(_LEAVES[name])
            return
        parts.append(f"<{name}>")
        children = _FITTING[name].split()
        if children and depth < 4:
            for child in draw(st.lists(st.sampled_from(children), max_size=3)):
                element(child, depth + 1)
        if draw(st.integers(0, 30)):
            parts.append(f"</{name}>")

    for name in draw(st.lists(st.sampled_from(_FITTING["div"].split()), max_size=4)):
        element(name, 0)
    if parts and not draw(st.integers(0, 3)):
        astray = st.sampled_from([f"<{mark}{name}>" for mark in ("", "/") for name in _FITTING])
        parts.insert(draw(st.integers(0, len(parts))), draw(astray))
    return "".join(parts)


def _browser(node: LexborNode, depth: int) -> list[tuple[str, int]]:
    found = []
    child = node.child
    while child is not None:
        if not str(child.tag).startswith("-"):
            if child.tag != "tbody":
                found.append((str(child.tag), depth))
            found += _browser(child, depth + 1)
        child = child.next
    return found


@settings(max_examples=250, deadline=None, derandomize=True)
@given(_source())
def test_a_page_without_a_finding_is_the_tree_that_browsers_make(body: str) -> None:
    source = f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>"
    read = read_page("x.html", source.encode())
    faults = (read.unclosed, read.stray_ends, read.self_closed, read.broken_tags)
    if any((*faults, read.misplaced_text, list(misplaced(read)))):
        return
    ours = [
        (element.name, len(list(element.ancestors())) - 2)
        for element in read.elements
        if any(above.name == "body" for above in element.ancestors()) and element.name != "tbody"
    ]
    whole_tree = LexborHTMLParser(source).body
    assert whole_tree is not None
    assert ours == _browser(whole_tree, 0)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(st.binary(max_size=200), st.text("<>/!-\"'=& ap\n", max_size=80).map(str.encode)))
def test_no_page_however_broken_stops_the_check(content: bytes) -> None:
    found = check({"about/index.html": content, "feed.xml": content, "robots.txt": content})
    assert any(finding.path == "about/index.html" for finding in found)


def test_every_file_is_read_once_and_a_page_is_not_kept() -> None:
    files = {f"p{n}/index.html": page(url=f"/p{n}/", title=f"Page {n}") for n in range(30)}
    reads: Counter[str] = Counter()

    def read(path: str) -> bytes:
        reads[path] += 1
        return {**whole(), **files}[path]

    sizes = {path: len(content) for path, content in {**whole(), **files}.items()}
    report = check_site(BuiltFiles(sizes, read), Expectations(BASE))
    assert report.page_count == 33
    assert {path for path, count in reads.items() if path.endswith(".html") and count != 1} == set()


def test_the_same_files_give_the_same_findings_in_any_order() -> None:
    files = {**whole(), "a/index.html": b"<p>a", "b/index.html": b"<p>b"}
    turned = dict(reversed(files.items()))
    first = check_site(BuiltFiles.of(files), Expectations(BASE))
    assert first == check_site(BuiltFiles.of(turned), Expectations(BASE))
    assert len(first.findings) > 10


def test_a_site_below_a_path_is_checked_with_that_path() -> None:
    expected = Expectations("https://example.com/shop")
    files = {
        path: content.replace(b'"/assets', b'"/shop/assets')
        .replace(b'href="/"', b'href="/shop/"')
        .replace(b'="/about/"', b'="/shop/about/"')
        .replace(b'="/feed.xml"', b'="/shop/feed.xml"')
        .replace(b"https://example.com/", b"https://example.com/shop/")
        for path, content in whole().items()
    }
    assert check_site(BuiltFiles.of(files), expected).findings == ()
    files["about/index.html"] = files["about/index.html"].replace(b'"/shop/"', b'"/"')
    found = check_site(BuiltFiles.of(files), expected).findings
    assert {finding.rule for finding in found} == {"links/dead"}


def test_a_dead_link_names_the_page_that_was_meant() -> None:
    found = check({"index.html": page('<a href="/team/About">x</a>', url="/", title="Home")})
    (dead,) = [finding for finding in found if finding.rule == "links/dead"]
    assert dead.hint == "did you mean /about/?"


def test_placeholders_of_redirects_are_filled() -> None:
    rules = b"/blog/* /:splat 301\n/shop/:name /:name/ 301\n"
    body = '<a href="/blog/about/">a</a><a href="/shop/about">b</a><a href="/shop/x">c</a>'
    found = check({"about/index.html": page(body), "_redirects": rules})
    messages = {finding.message for finding in found if finding.rule == "links/to-redirect"}
    assert "/blog/about/ is redirected to /about/" in messages
    assert "/shop/about is redirected to /about/" in messages


def test_a_srcset_is_cut_where_a_candidate_ends() -> None:
    assert candidates("/a,b.png 1x, /c.png 2x") == ["/a,b.png", "/c.png"]
    assert candidates("/a.png, /b.png 100w") == ["/a.png", "/b.png"]


def test_colours_are_read_for_both_schemes() -> None:
    found = schemes(CSS + "@media (prefers-color-scheme: dark){html{--page:#000}}")
    assert found["light"]["page"] == "light-dark(#ffffff,#111111)"
    assert found["dark"]["page"] == "#000"
