"""Which element may stand in which, where browsers would repair it or people would miss something.

The content models of the HTML standard, as far as pages of a site use them.
"""

from __future__ import annotations

from collections.abc import Iterator

from igny8.reports.site_check.source import FOREIGN, Element, Page


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_SECTIONING = _names("article aside nav section")
_BLOCKS = (
    _names(
        "address blockquote center dd details dialog dir div dl dt fieldset figcaption figure"
        " footer form header hgroup hr li main menu ol p pre search table ul"
    )
    | _HEADINGS
    | _SECTIONING
)
_PHRASING_ONLY = _HEADINGS | _names(
    "abbr b bdi bdo button cite code data dfn em i kbd label legend mark meter output p pre"
    " progress q rp rt ruby s samp small span strong sub summary sup time u var"
)
_TRANSPARENT = _names("a audio canvas del ins map noscript object slot video")
_METADATA = _names("base link meta noscript script style template title")
_INTERACTIVE = _names("a button details embed iframe label select textarea")
_SCRIPTS = frozenset({"script", "template"})
_CHILDREN = {
    "ul": _names("li") | _SCRIPTS,
    "ol": _names("li") | _SCRIPTS,
    "menu": _names("li") | _SCRIPTS,
    "dl": _names("dd div dt") | _SCRIPTS,
    "table": _names("caption col colgroup tbody tfoot thead tr") | _SCRIPTS,
    "tbody": _names("tr") | _SCRIPTS,
    "thead": _names("tr") | _SCRIPTS,
    "tfoot": _names("tr") | _SCRIPTS,
    "tr": _names("td th") | _SCRIPTS,
    "colgroup": _names("col template"),
    "picture": _names("img source") | _SCRIPTS,
    "head": _METADATA,
    "html": _names("body head"),
}
_PARENTS = {
    "li": _names("menu ol ul"),
    "dt": _names("div dl"),
    "dd": _names("div dl"),
    "td": _names("tr"),
    "th": _names("tr"),
    "tr": _names("table tbody tfoot thead"),
    "tbody": _names("table"),
    "thead": _names("table"),
    "tfoot": _names("table"),
    "caption": _names("table"),
    "colgroup": _names("table"),
    "col": _names("colgroup table"),
    "figcaption": _names("figure"),
    "legend": _names("fieldset optgroup"),
    "summary": _names("details"),
    "source": _names("audio picture video"),
    "track": _names("audio video"),
    "body": _names("html"),
    "head": _names("html"),
    "title": _names("head"),
    "base": _names("head"),
    "style": _names("head noscript template"),
}
_NOT_WITHIN = {
    "a": _names("a button"),
    "button": _names("a button"),
    "form": _names("form"),
    "main": _names("article aside footer header nav"),
    "header": _names("address dt footer header th"),
    "footer": _names("address dt footer header th"),
    **dict.fromkeys(_HEADINGS | _SECTIONING, _names("address dt th")),
}
# What svg and math have no element of: within them browsers end them, or show nothing.
_HTML_ONLY = (_BLOCKS - {"menu"}) | _names(
    "b body br button code em embed head i img input label meta p pre s section select small span"
    " strong sub sup table td textarea th tr u"
)
_INTERACTIVE_WITHIN = frozenset({"a", "button"})
# Where a header of its own may stand in a header: it is that part's own.
_OWN_SECTION = _SECTIONING | {"body"}


def misplaced(page: Page) -> Iterator[tuple[Element, str]]:
    """Yield elements that may not stand where they do, with the reason."""
    for element in page.elements:
        reason = _foreign(element) if element.is_foreign else _objection(element)
        if reason:
            yield element, reason


def _foreign(element: Element) -> str:
    parent = element.parent
    if parent is None:
        return ""
    if element.name in FOREIGN:
        return "" if parent.is_foreign else _objection(element)
    return f"`<{element.name}>` is no part of svg" if element.name in _HTML_ONLY else ""


def _objection(element: Element) -> str:
    name, parent = element.name, element.parent
    if parent is None:
        return "" if name == "html" else f"`<{name}>` stands outside `<html>`"
    if parent.is_foreign:
        return ""
    allowed = _CHILDREN.get(parent.name)
    if parent.name == "div" and parent.parent and parent.parent.name == "dl":
        allowed = _CHILDREN["dl"] - {"div"}
    if allowed is not None and name not in allowed:
        return f"`<{name}>` may not stand directly in `<{parent.name}>`"
    if name in ("dt", "dd") and parent.name == "div" and allowed is None:
        return f"`<{name}>` belongs in a `<div>` only where that is in `<dl>`"
    wanted = _PARENTS.get(name)
    if wanted is not None and parent.name not in wanted:
        return f"`<{name}>` belongs in `<{'>` or `<'.join(sorted(wanted))}>`, not `<{parent.name}>`"
    return _block_in_text(element) or _forbidden_above(element)


def _block_in_text(element: Element) -> str:
    name = element.name
    if name not in _BLOCKS:
        return ""
    holder = _holder(element)
    if holder not in _PHRASING_ONLY or (
        holder in ("summary", "legend") and name in _HEADINGS | {"hgroup"}
    ):
        return ""
    return f"`<{name}>` is a block and may not stand in `<{holder}>`"


def _holder(element: Element) -> str:
    """The nearest element above that has a content model of its own."""
    for above in element.ancestors():
        if above.name not in _TRANSPARENT:
            return above.name
    return ""


def _forbidden_above(element: Element) -> str:
    forbidden = _NOT_WITHIN.get(element.name, frozenset())
    is_interactive = _is_interactive(element)
    if not forbidden and not is_interactive:
        return ""
    for above in element.ancestors():
        if above.name in forbidden or (is_interactive and above.name in _INTERACTIVE_WITHIN):
            return f"`<{element.name}>` may not stand within `<{above.name}>`"
        if above.name in _OWN_SECTION and element.name in ("header", "footer"):
            return ""
    return ""


def _is_interactive(element: Element) -> bool:
    if element.name == "input":
        return element.get("type").lower() != "hidden"
    if element.name in ("audio", "video"):
        return "controls" in element.attributes
    return element.name in _INTERACTIVE


def lacking(page: Page) -> Iterator[tuple[Element, str]]:
    """Yield elements without the child that they need first."""
    for element in page.all("details"):
        first = next((each for each in page.elements if each.parent is element), None)
        if first is None or first.name != "summary":
            yield element, "`<details>` begins with a `<summary>`"
