"""What an element is called by those who cannot see it: text, labels, alternative texts."""

from __future__ import annotations

import re

from igny8.reports.site_check.source import Element, Page, plain

_ALTERNATIVE = re.compile(
    r"<(?:img|area|input)\b[^>]*?\salt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
    r"|\saria-label\s*=\s*(?:\"([^\"]*)\"|'([^']*)')",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<(\w+)\b[^>]*\saria-hidden\s*=\s*[\"']?true\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)


def has_name(page: Page, element: Element) -> bool:
    """Whether a link or button says anything: by text, alternative text or label."""
    if any(element.get(name).strip() for name in ("aria-label", "aria-labelledby", "title")):
        return True
    contents = page.contents(element)
    if "<" not in contents:
        return bool(contents.strip())
    if "aria-hidden" in contents:
        contents = _HIDDEN.sub(" ", contents)
    if plain(contents):
        return True
    return any("".join(m.groups(default="")).strip() for m in _ALTERNATIVE.finditer(contents))


def is_hidden(element: Element) -> bool:
    """Whether nobody meets it: hidden itself, or within something hidden."""
    return any(
        each.get("aria-hidden") == "true" or "hidden" in each.attributes
        for each in (element, *element.ancestors())
    )


def labelled_ids(page: Page) -> frozenset[str]:
    """Ids of form fields that a label points to."""
    return frozenset(label.get("for") for label in page.all("label"))


def is_labelled(page: Page, field: Element, labelled: frozenset[str]) -> bool:
    """Whether a form field says what belongs in it."""
    if any(field.get(name).strip() for name in ("aria-label", "aria-labelledby", "title")):
        return True
    if field.get("id") and field.get("id") in labelled:
        return True
    return any(above.name == "label" and page.text_of(above) for above in field.ancestors())
