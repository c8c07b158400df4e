"""Blueprints: what is read is written the same, and mistakes are named with the nearest."""

from __future__ import annotations

import pytest

from igny8.core.errors import InvalidInput
from igny8.sitebuilder.blueprint import dump, parse

TEMPLATES = ("home", "listing", "page", "contact")
GOOD = """
pages:
  - {slug: '', title: Home, template: home}
  - slug: services
    title: Services
    template: listing
    collect: service
    children:
      - {slug: special, title: Special}
  - {slug: contact, title: Contact, template: contact}
menus:
  header: [services, contact]
redirects:
  - {from: /old/, to: /services/}
"""


def test_a_blueprint_comes_back_as_it_was() -> None:
    tree = parse(GOOD, file="b.yaml", templates=TEMPLATES)
    assert [page.path for page in tree.walk()] == [
        "/",
        "/services/",
        "/services/special/",
        "/contact/",
    ]
    again = parse(dump(tree), file="b.yaml", templates=TEMPLATES)
    assert again == tree
    assert again.digest == tree.digest


@pytest.mark.parametrize(
    ("wrong", "right", "hint"),
    [
        ("template: listng", "template: listing", "did you mean `listing`?"),
        ("collect: servic", "collect: service", "did you mean `service`?"),
        ("header: [servces, contact]", "header: [services, contact]", "did you mean `services`?"),
        ("redirect:", "redirects:", "did you mean `redirects`?"),
    ],
)
def test_a_slip_is_named_with_what_was_meant(wrong: str, right: str, hint: str) -> None:
    with pytest.raises(InvalidInput, match=r"b\.yaml") as caught:
        parse(GOOD.replace(right, wrong), file="b.yaml", templates=TEMPLATES)
    assert caught.value.hint == hint


def test_two_pages_can_not_have_one_path() -> None:
    with pytest.raises(InvalidInput, match="/contact/"):
        parse(GOOD.replace("slug: services", "slug: contact"), file="b.yaml", templates=TEMPLATES)


def test_two_pages_can_not_collect_the_same_items() -> None:
    twice = GOOD.replace("template: contact", "collect: service")
    with pytest.raises(InvalidInput, match="two pages collect `service`"):
        parse(twice, file="b.yaml", templates=TEMPLATES)


def test_a_slug_of_two_parts_comes_back_and_counts() -> None:
    two = parse(GOOD.replace("slug: contact", "slug: help/contact").replace(", contact]", "]"),
                file="b.yaml", templates=TEMPLATES)  # fmt: skip
    assert parse(dump(two), file="b.yaml", templates=TEMPLATES) == two
    one = parse(GOOD.replace(", contact]", "]"), file="b.yaml", templates=TEMPLATES)
    assert one.digest != two.digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a mapping"),
        ("pages: []", "lists no page"),
        ("pages: home", "lists no page"),
        ("pages: [home]", "not a mapping"),
        ("pages: [{slug: a}]", "neither `title` nor `content`"),
        ("pages: [{slug: A B, title: x}]", "is no slug"),
        ("pages: [{title: x, blocks: {faq: {}}}]", "`blocks` is a list"),
        ("pages: [{title: x, children: y}]", "`children` is a list"),
        ("pages: [{title: x}]\nmenus: {header: x}", "`header` is a list"),
        ("pages: [{title: x}]\nmenus: [x]", "`menus` maps"),
        ("pages: [{title: x}]\nredirects: {a: b}", "`redirects` is a list"),
        ("pages: [{title: x}]\nredirects: [{from: a}]", "`from` and `to`"),
        ("pages: [{title: x}]\npages: [{title: y}]", "appears twice"),
    ],
)
def test_what_is_no_blueprint_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        parse(text, file="b.yaml", templates=TEMPLATES)
    assert str(caught.value).startswith("b.yaml")
