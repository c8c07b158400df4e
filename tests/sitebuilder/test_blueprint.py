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
