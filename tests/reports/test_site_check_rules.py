"""Each rule fires on a page that breaks it, at the right place, and not on one that nearly does."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from whole_site import ATOM, BASE, CSS, DATA, check, data, page, rss, rules, sitemap, whole

from igny8.reports.site_check import RULES, Expectations

ABOUT = "about/index.html"
Files = Mapping[str, bytes | None]


class Case(NamedTuple):
    """A rule, files that break it, files that nearly do; `line` where the fault stands."""

    rule: str
    breaks: Files
    keeps: Files
    line: int | None = None
    expected: Expectations = Expectations(BASE)


def about(body: str = "", **parts: str) -> dict[str, bytes]:
    """The site's second page with another body or head."""
    return {ABOUT: page(body, **parts)}


def robots(*lines: str) -> dict[str, bytes]:
    """A robots.txt of these lines."""
    return {"robots.txt": "\n".join((*lines, f"Sitemap: {BASE}/sitemap.xml")).encode()}


def css(text: str) -> dict[str, bytes]:
    """The site's stylesheet, and more of it."""
    return {"assets/site.css": f"{CSS}{text}".encode()}


def product(offer: str, shown: str = "") -> dict[str, bytes]:
    """A page about a product with this offer."""
    json = f'{{"@context":"https://schema.org","@type":"Product","name":"About us",{offer}}}'
    return about(shown, head=data(json))


def head_data(json: str) -> dict[str, bytes]:
    """A page with this JSON-LD of schema.org."""
    return about(head=data('{"@context":"https://schema.org",' + json + "}"))


def languages(own: str, other: str, returned: str) -> dict[str, bytes]:
    """Two pages that name each other as language versions."""

    def links(*pairs: str) -> str:
        return "".join(
            f'<link rel="alternate" hreflang="{pair.split("=")[0]}" href="{pair.split("=")[1]}">\n'
            for pair in pairs
        )

    return {
        ABOUT: page(head=links(f"en={own}", f"de={other}")),
        "de/index.html": page(
            url="/de/",
            title="Wir",
            description="Wer wir sind, was wir den ganzen Tag tun, und wo man uns findet.",
            head=links(f"de={BASE}/de/", f"en={returned}"),
        ),
        "index.html": page('<a href="/de/">Deutsch</a>', url="/", title="Home"),
        "sitemap.xml": sitemap(f"{BASE}/", f"{BASE}/about/", f"{BASE}/de/"),
    }


def forward(to: str) -> bytes:
    """A page that sends its visitors on."""
    return page(
        f'<a href="{to}">On</a>',
        url=to,
        title="Moved",
        head=f'<meta http-equiv="refresh" content="0; url={to}">\n'
        '<meta name="robots" content="noindex">\n',
    )


def integrity(content: bytes) -> str:
    """A stylesheet that must have the hash of `content`."""
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return f'<link rel="stylesheet" href="/assets/site.css" integrity="sha384-{digest}">\n'


LONG = (
    "A title that goes on and on, and says the same thing twice, and then says it once more to all"
)
BODY, HEAD = 15, 10  # the lines where the body and the head of a page begin to differ
IMAGE = '<img src="/assets/picture.png" alt="Us" width="9" height="9">'
SECOND = {
    "other/index.html": page(
        url="/other/",
        title="Other",
        description="The words of another page, enough of them to count.",
    ),
    "sitemap.xml": sitemap(f"{BASE}/", f"{BASE}/about/", f"{BASE}/other/"),
    "index.html": page('<a href="/other/">Other</a>', url="/", title="Home"),
}
ARTICLE = '"@type":"BlogPosting","headline":"About us","datePublished":"2026-03-01"'
WHOLE_ARTICLE = ARTICLE + ',"author":{"@type":"Person","name":"Ann"}'
OFFER = '"offers":{"@type":"Offer","price":"1299.50","priceCurrency":"GBP"}'

CASES = [
    Case("links/dead", about('<a href="/gone/">x</a>'), about('<a href="/feed.xml">x</a>'), BODY),
    Case("links/dead", about('<q cite="/gone/">x</q>'), about('<q cite="/">x</q>'), BODY),
    Case("links/dead", about(head='<link rel="next" href="/gone/">\n'), {}, HEAD),
    Case(
        "links/dead",
        {**about('<a href="/old">x</a>'), "_redirects": b"/old /gone/ 301\n"},
        {**about('<a href="/old">x</a>'), "_redirects": b"/old /about/ 301\n"},
        BODY,
    ),
    Case("links/dead", about('<a href="/ABOUT/">x</a>'), about('<a href="../about/?a=b">x</a>')),
    Case(
        "links/dead-fragment",
        about('<a href="/#nowhere">x</a>'),
        about('<a href="/#content">x</a><a href="#top">y</a><a href="/#:~:text=Home">z</a>'),
        BODY,
    ),
    Case(
        "links/to-redirect", about('<a href="/about">x</a>'), about('<a href="/about/">x</a>'), BODY
    ),
    Case(
        "links/to-redirect",
        {**about('<a href="/old">x</a>'), "_redirects": b"/old /about/ 301\n"},
        {**about('<a href="/old">x</a>'), "_redirects": b"/old /about/index.html 200\n"},
    ),
    Case(
        "links/to-redirect",
        {**about('<a href="/old/">x</a>'), "old/index.html": forward("/about/")},
        {"old/index.html": forward("/about/")},
    ),
    Case(
        "links/bad-address",
        about('<a href="igny8:cnt_1">x</a>'),
        about('<a href="tel:1">x</a>'),
        BODY,
    ),
    Case("links/bad-address", about('<a href="http://localhost:8000/">x</a>'), {}),
    Case("links/bad-address", about('<a href="/a b/">x</a>'), {}),
    Case("links/bad-address", about('<a href="//">x</a>'), {}),
    Case("links/bad-address", about('<a href="http://[x">x</a>'), {}),
    Case(
        "links/no-text",
        about('<a href="/"><img src="/assets/picture.png" alt="" width="9" height="9"></a>'),
        about(
            f'<a href="/">{IMAGE}</a><a href="/" aria-label="x"></a>'
            '<a href="/"><svg role="img"><title>Home</title></svg></a>'
            '<a href="/" aria-hidden="true" tabindex="-1"></a>'
        ),
        BODY,
    ),
    Case(
        "links/orphan",
        {**SECOND, "index.html": whole()["index.html"]},
        SECOND,
    ),
    Case(
        "links/unresolved",
        {},
        {},
        expected=Expectations(BASE, unresolved={ABOUT: ("later",)}),
    ),
    Case(
        "markup/doctype",
        about(start='<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'),
        about(start='<!doctype HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'),
        1,
    ),
    Case(
        "markup/encoding",
        {ABOUT: page("<p>caf\xe9</p>").decode().encode("latin-1")},
        {ABOUT: page("<p>café \ufffd</p>")},
        BODY,
    ),
    Case("markup/encoding", about(start='<!DOCTYPE html>\n<html lang="en">\n<head>\n'), {}),
    Case(
        "markup/lang",
        about(start='<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'),
        about(start='<!DOCTYPE html>\n<html lang="zh-Hant-TW">\n<head>\n<meta charset="utf-8">\n'),
        2,
    ),
    Case(
        "markup/viewport",
        about(view='<meta name="viewport" content="width=device-width, user-scalable=no">\n'),
        about(view='<meta name="viewport" content="width=device-width, maximum-scale=10">\n'),
        5,
    ),
    Case("markup/viewport", about(view=""), {}),
    Case(
        "markup/duplicate-id", about('<p id="content">x</p>'), about('<p id="Content">x</p>'), BODY
    ),
    Case("markup/bad-id", about('<p id="a b">x</p>'), about('<p id="a.b:c">x</p>'), BODY),
    Case(
        "markup/dangling-reference",
        about('<p aria-describedby="content nope">x</p>'),
        about('<p aria-describedby="content">x</p>'),
        BODY,
    ),
    Case("markup/one-h1", about("<h1>Two</h1>"), about("<h2>Two</h2>"), BODY),
    Case("markup/one-h1", about(main="<main><p>x</p></main>"), {}),
    Case(
        "markup/heading-order", about("<h3>x</h3>"), about("<h2>x</h2><h3>y</h3><h2>z</h2>"), BODY
    ),
    Case("markup/empty-heading", about("<h2> <br></h2>"), about(f"<h2>{IMAGE}</h2>"), BODY),
    Case("markup/main", about("<main>x</main>"), about("<main hidden>x</main>"), BODY),
    Case("markup/main", about(main="<h1>x</h1>"), {}),
    Case("markup/unclosed", about("<div><section>x</div>"), about("<ul><li>a<li>b</ul>"), BODY),
    Case("markup/unclosed", about("<b>x<i>y</b>z</i>"), about("<p>a<p>b<br>"), BODY),
    Case("markup/unclosed", about("<div/>"), about("<br/><svg><path/></svg>"), BODY),
    Case(
        "markup/stray-end-tag",
        about("<p>x</p></p>"),
        about("<table><tr><td>x<tr><td>y</table>"),
        BODY,
    ),
    Case("markup/broken-tag", about('<p class="x>y</p>'), about('<p title="a > b">y</p>'), BODY),
    Case("markup/broken-tag", about("<p>1 < 2</p>"), about("<p>1 &lt; 2 > 0</p>"), BODY),
    Case("markup/broken-tag", about('<p id="x" ID="y">z</p>'), {}, BODY),
    Case("markup/nesting", about('<a href="/">x<a href="/">y</a></a>'), {}, BODY),
    Case("markup/stray-end-tag", about("<p><div>x</div></p>"), about("<p><div>x</div>")),
    Case(
        "markup/nesting", about("<span><div>x</div></span>"), about("<ins><div>x</div></ins>"), BODY
    ),
    Case("markup/nesting", about("<ul><p>x</p></ul>"), about("<ol><li><p>x</p></ol>"), BODY),
    Case("markup/nesting", about("<ul>text</ul>"), about("<ul> <!-- x --> <li>text</ul>"), BODY),
    Case("markup/nesting", about("<td>x</td>"), about("<table><tr><th>x</table>"), BODY),
    Case("markup/nesting", about(head="<div>x</div>\n"), about(head="<style>a{}</style>\n"), HEAD),
    Case(
        "markup/nesting",
        about("<details><p>x</p></details>"),
        about("<details><summary><h2>x</h2></summary><p>y</p></details>"),
        BODY,
    ),
    Case(
        "markup/nesting", about("<svg><p>x</p></svg>"), about("<svg><title>x</title></svg>"), BODY
    ),
    Case("markup/obsolete", about("<center>x</center>"), about("<svg><font>x</font></svg>"), BODY),
    Case(
        "markup/image-alt",
        about('<img src="/assets/picture.png" width="1" height="1">'),
        about('<img src="/assets/picture.png" alt width="1" height="1">'),
        BODY,
    ),
    Case("markup/image-size", about('<img src="/assets/picture.png" alt="">'), about(IMAGE), BODY),
    Case(
        "markup/field-label",
        about('<input name="q">'),
        about('<label>Say <input name="q"></label><input type="hidden"><input type="submit">'),
        BODY,
    ),
    Case(
        "markup/button-name", about("<button></button>"), about(f"<button>{IMAGE}</button>"), BODY
    ),
    Case(
        "markup/frame-title",
        about('<iframe src="/"></iframe>'),
        about('<iframe src="/" title="Home"></iframe>'),
        BODY,
    ),
    Case("metadata/title-missing", about(title="", main="<main><h1>x</h1></main>"), {}, 6),
    Case("metadata/title-missing", about(head="<title>x</title>\n"), {}, HEAD),
    Case("metadata/title-duplicate", about(title="HOME"), about(title="Home again"), 6),
    Case("metadata/title-long", about(title=LONG), about(title=LONG[:50]), 6),
    Case("metadata/description-missing", about(description=""), {}),
    Case(
        "metadata/description-duplicate",
        about(
            description="A small site that has everything a site needs, and nothing else at all."
        ),
        {
            "about/page/2/index.html": page(url="/about/page/2/", title="More"),
            **about('<a href="/about/page/2/">2</a>'),
        },
        7,
    ),
    Case(
        "metadata/description-length", about(description="Short"), about(description="x" * 160), 7
    ),
    Case("metadata/canonical", about(canonical="/about/"), about(canonical=f"{BASE}/about/"), 8),
    Case("metadata/canonical", about(canonical=f"{BASE}/gone/"), {}, 8),
    Case("metadata/canonical", about(canonical=f"{BASE}/about"), {}, 8),
    Case("metadata/canonical", about(canonical=f"{BASE}/404.html"), {}, 8),
    Case("metadata/canonical", about(canonical="http://example.com/about/"), {}, 8),
    Case("metadata/canonical", about(head=f'<link rel="canonical" href="{BASE}/">\n'), {}, HEAD),
    Case("metadata/canonical", about(canonical=f"{BASE}/about/#content"), {}, 8),
    Case(
        "metadata/canonical",
        {
            **SECOND,
            **about(canonical=f"{BASE}/other/"),
            "other/index.html": page(url="/other/", canonical=f"{BASE}/", title="Other"),
        },
        {**SECOND, **about(canonical=f"{BASE}/other/")},
    ),
    Case("metadata/canonical-missing", about(canonical=""), {}),
    Case(
        "metadata/hreflang",
        languages(f"{BASE}/about/", f"{BASE}/de/", f"{BASE}/"),
        languages(f"{BASE}/about/", f"{BASE}/de/", f"{BASE}/about/"),
    ),
    Case("metadata/hreflang", languages(f"{BASE}/about/", f"{BASE}/fr/", f"{BASE}/about/"), {}),
    Case("metadata/hreflang", languages(f"{BASE}/", f"{BASE}/de/", f"{BASE}/about/"), {}),
    Case("metadata/hreflang", languages(f"{BASE}/about/", "/de/", f"{BASE}/about/"), {}),
    Case("structured-data/parse", about(head=data('{"@type":\n"x",}')), {}, 11),
    Case(
        "structured-data/type",
        about(head=data('{"@context":"https://schema.org","name":"x"}')),
        about(head=data('{"@context":["http://schema.org/"],"@type":"Thing"}')),
        HEAD,
    ),
    Case("structured-data/type", about(head=data('{"@type":"Thing"}')), {}, HEAD),
    Case("structured-data/required", head_data(ARTICLE), head_data(WHOLE_ARTICLE), HEAD),
    Case("structured-data/required", head_data('"@type":"WebSite","name":"x"'), {}),
    Case("structured-data/required", head_data('"@type":"Service","description":"x"'), {}),
    Case("structured-data/required", product('"sku":"1"'), {}),
    Case("structured-data/required", product('"offers":{"@type":"Offer","price":"1"}', "1"), {}),
    Case("structured-data/required", head_data('"@type":"FAQPage"'), {}),
    Case(
        "structured-data/required",
        head_data('"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1}]'),
        {},
    ),
    Case(
        "structured-data/required",
        head_data('"@type":"Organization","url":"https://example.com/"'),
        head_data(
            '"@type":"WebSite","name":"x","url":"https://example.com/",'
            '"publisher":{"@type":"Organization","@id":"https://example.com/#us"}'
        ),
    ),
    Case("structured-data/recommended", head_data(WHOLE_ARTICLE), {}, HEAD),
    Case(
        "structured-data/value",
        head_data(WHOLE_ARTICLE + ',"dateModified":"1 March"'),
        head_data(WHOLE_ARTICLE + ',"dateModified":"2026-03-01T09:00:00Z"'),
        HEAD,
    ),
    Case("structured-data/value", head_data(WHOLE_ARTICLE + ',"dateModified":"2026-02-01"'), {}),
    Case("structured-data/value", head_data(WHOLE_ARTICLE + ',"image":"/assets/picture.png"'), {}),
    Case("structured-data/value", head_data(ARTICLE + ',"author":"Ann"'), {}),
    Case(
        "structured-data/value",
        product('"offers":{"@type":"Offer","price":"£12","priceCurrency":"GBP"}', "12"),
        product(OFFER, "1,299.50"),
    ),
    Case(
        "structured-data/value",
        product('"offers":{"@type":"Offer","price":"12","priceCurrency":"£"}', "12"),
        {},
    ),
    Case(
        "structured-data/value",
        product(
            '"offers":{"@type":"Offer","price":"1","priceCurrency":"GBP","availability":"yes"}', "1"
        ),
        product(
            '"offers":{"@type":"Offer","price":"1","priceCurrency":"GBP",'
            '"availability":"https://schema.org/InStock"}',
            "1",
        ),
    ),
    Case(
        "structured-data/value",
        about(head=data(DATA.replace('"position":2', '"position":3'))),
        {},
    ),
    Case(
        "structured-data/visible", product(OFFER, "£1299"), product(OFFER, "only 1.299,50 €"), HEAD
    ),
    Case("structured-data/visible", product(OFFER, "12 99.50"), product(OFFER, "1 299,5 kr"), HEAD),
    Case(
        "structured-data/visible",
        about(head=data(DATA.replace("About us", "About you"))),
        about(head=data(DATA), title="About  us"),
    ),
    Case(
        "structured-data/visible",
        head_data(
            '"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"About us",'
            '"acceptedAnswer":{"@type":"Answer","text":"Nobody reads this here."}}]'
        ),
        {
            ABOUT: page(
                "<p>Everybody’s reading <em>this</em> here.</p>",
                head=data(
                    '{"@context":"https://schema.org","@type":"FAQPage","mainEntity":[{"@type":'
                    '"Question","name":"About us","acceptedAnswer":{"@type":"Answer",'
                    '"text":"<p>Everybody\'s reading this here.</p>"}}]}'
                ),
            )
        },
    ),
    Case(
        "structured-data/dead-address",
        about(head=data(DATA.replace("picture.png", "gone.png"))),
        {},
        HEAD,
    ),
    Case("requests/missing", about(IMAGE.replace("picture", "gone")), about(IMAGE), BODY),
    Case("requests/missing", about(IMAGE.replace("alt", 'srcset="/a.png 2x" alt')), {}, BODY),
    Case(
        "requests/missing",
        about(head='<meta property="og:image" content="/assets/picture.png">\n'),
        about(head=f'<meta property="og:image" content="{BASE}/assets/picture.png">\n'),
        HEAD,
    ),
    Case(
        "requests/missing", css("p{background:url(gone.svg)}"), css("p{background:url(ground.svg)}")
    ),
    Case("requests/missing", about('<p style="background:url(/gone.svg)">x</p>'), {}, BODY),
    Case(
        "requests/outside",
        about('<script src="https://cdn.example/x.js"></script>'),
        about(f'<a href="https://cdn.example/x.js">{IMAGE}</a>'),
        BODY,
    ),
    Case("requests/outside", css('@import "https://fonts.example/x.css";'), {}),
    Case(
        "requests/mixed-content",
        about(IMAGE.replace("/assets", "http://example.com/assets")),
        about(IMAGE.replace("/assets", "https://example.com/assets")),
        BODY,
    ),
    Case(
        "requests/mixed-content",
        about('<form action="http://example.com/about/"><button>x</button></form>'),
        {},
    ),
    Case(
        "requests/integrity",
        about(head=integrity(b"another file")),
        about(head=integrity(CSS.encode())),
        HEAD,
    ),
    Case(
        "budgets/page",
        about(f"<p>{'word ' * 600}</p>"),
        {},
        expected=Expectations(BASE, page_bytes=3000),
    ),
    Case(
        "budgets/image",
        {"assets/large.png": b"x" * 101},
        {"assets/large.png": b"x" * 100, "assets/large.pdf": b"x" * 101},
        expected=Expectations(BASE, image_bytes=100),
    ),
    Case(
        "budgets/images",
        {**about(IMAGE + IMAGE.replace("picture", "second")), "assets/second.png": b"x" * 40},
        {**about(IMAGE + IMAGE), "assets/second.png": b"x" * 40},
        expected=Expectations(BASE, images_bytes=50),
    ),
    Case("redirects/malformed", {"_redirects": b"# x\n/old\n"}, {"_redirects": b"/old / 302\n"}, 2),
    Case("redirects/malformed", {"_redirects": b"/old / 999\n"}, {"_redirects": b"/a /b=c 301!\n"}),
    Case("redirects/dead", {"_redirects": b"/old /gone/\n"}, {"_redirects": b"/old /about/\n"}, 1),
    Case("redirects/dead", {"old/index.html": forward("/gone/")}, {}),
    Case("redirects/loop", {"_redirects": b"/a /b\n/b /a\n"}, {"_redirects": b"/a /\n/b /\n"}, 1),
    Case("redirects/loop", {"a/index.html": forward("/b/"), "b/index.html": forward("/a/")}, {}),
    Case("redirects/chain", {"_redirects": b"/a /b\n/b /\n"}, {"_redirects": b"/a /\n/b/ /\n"}, 1),
    Case("redirects/chain", {"_redirects": b"/a /about\n"}, {}),
    Case(
        "redirects/shadowed",
        {"_redirects": b"/about/ /\n"},
        {"_redirects": b"/old/ /about/\n", "old/index.html": forward("/about/")},
        1,
    ),
    Case("sitemap/missing", {"sitemap.xml": None}, {}),
    Case("sitemap/malformed", {"sitemap.xml": b"<urlset>\n<url>"}, {}, 2),
    Case("sitemap/malformed", {"sitemap.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><urlset/>'}, {}),
    Case("sitemap/malformed", {"sitemap.xml": sitemap(*map(str, range(50_001)))}, {}),
    Case("sitemap/dead", {"sitemap.xml": sitemap(f"{BASE}/", f"{BASE}/gone/")}, {}, 4),
    Case("sitemap/dead", {"sitemap.xml": sitemap("/about/")}, {}, 3),
    Case("sitemap/dead", {"sitemap.xml": sitemap("https://other.example/about/")}, {}, 3),
    Case("sitemap/dead", {"sitemap.xml": sitemap(f"{BASE}/", f"{BASE}/")}, {}, 4),
    Case(
        "sitemap/noindex",
        about(head='<meta name="robots" content="noindex, follow">\n'),
        about(head='<meta name="robots" content="index, follow">\n'),
        4,
    ),
    Case(
        "sitemap/not-canonical",
        {"sitemap.xml": sitemap(f"{BASE}/", f"{BASE}/about/index.html")},
        {},
        4,
    ),
    Case(
        "sitemap/unlisted",
        {"sitemap.xml": sitemap(f"{BASE}/")},
        {
            "sitemap.xml": b"<sitemapindex><sitemap><loc>https://example.com/sitemap-1.xml</loc>"
            b"</sitemap></sitemapindex>",
            "sitemap-1.xml": sitemap(f"{BASE}/", f"{BASE}/about/"),
        },
    ),
    Case("feeds/malformed", {"feed.xml": b"<rss>\n<channel>"}, {}, 2),
    Case("feeds/malformed", {"feed.xml": rss(item="")}, {}, 3),
    Case("feeds/malformed", {"atom.xml": ATOM.replace(b"<id>y</id>", b"")}, {}, 3),
    Case("feeds/malformed", {"feed.json": b"{}"}, {"package.json": b"{}"}),
    Case(
        "feeds/dead", {"feed.xml": rss(f"{BASE}/gone/")}, {"feed.xml": rss("https://x.example/")}, 3
    ),
    Case("feeds/dead", {"atom.xml": ATOM.replace(b"/about/", b"/gone/")}, {}, 3),
    Case(
        "robots/blocked",
        robots("User-agent: *", "Disallow: /"),
        robots("User-agent: Bad", "Disallow: /", "User-agent: *", "Disallow: /x/"),
        2,
    ),
    Case("robots/sitemap", {"robots.txt": b"User-agent: *\nAllow: /\n"}, {"robots.txt": None}),
    Case("site/no-404", {"404.html": None}, {}),
    Case(
        "theme/contrast",
        css(":root{--muted:light-dark(#999999,#aaa)}"),
        css(":root{--muted:light-dark(#666,#aaa)}"),
    ),
    Case(
        "theme/contrast",
        css("@media (prefers-color-scheme:dark){:root{--text:#333}}"),
        css("@media print{:root{--text:#ddd}}p{--text:#ddd}"),
    ),
    Case("theme/contrast", css(":root{--on-accent:var(--page)}:root{--accent:#fff}"), {}),
]


def test_a_whole_site_breaks_no_rule() -> None:
    assert check() == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_fires_where_it_is_broken(case: Case) -> None:
    found = [f for f in check(dict(case.breaks), case.expected) if f.rule == case.rule]
    assert found
    if case.line is not None:
        assert case.line in {finding.line for finding in found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_is_silent_where_it_is_kept(case: Case) -> None:
    kept = Expectations(BASE) if case.rule == "links/unresolved" else case.expected
    assert case.rule not in rules(dict(case.keeps), kept)


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)
