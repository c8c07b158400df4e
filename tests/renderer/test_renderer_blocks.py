from __future__ import annotations

from pathlib import Path

import pytest
from small_site import ROOT

from igny8.core.errors import InvalidInput, NotFound
from igny8.sitebuilder.blocks import BLOCKS, Features, Hero, parse_block
from igny8.sitebuilder.templates import load_template, parse_template


def test_a_block_is_read_with_its_defaults() -> None:
    hero = parse_block("hero", {"title": "Hello"})
    assert isinstance(hero, Hero)
    assert (hero.title, hero.style) == ("Hello", "split")


def test_an_unknown_block_names_the_nearest() -> None:
    with pytest.raises(InvalidInput) as error:
        parse_block("heros", {}, file="blueprint.yaml", line=12)
    assert error.value.hint == "did you mean `hero`?"
    assert str(error.value).startswith("blueprint.yaml:12: ")


@pytest.mark.parametrize(
    ("type_", "data", "field", "near"),
    [
        ("hero", {"titel": "x"}, "titel", "title"),
        ("features", {"items": [{"titel": "x"}]}, "items.0.titel", "title"),
        ("pricing", {"items": [{"name": "x", "price": "1", "acton": {}}]}, "acton", "action"),
    ],
)
def test_an_unknown_field_names_the_nearest_at_any_depth(
    type_: str, data: dict[str, object], field: str, near: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_block(type_, data)
    assert field in error.value.message
    assert error.value.hint == f"did you mean `{near}`?"


def test_a_missing_or_wrong_value_is_named_with_its_place() -> None:
    with pytest.raises(InvalidInput, match=r"items\.0\.title"):
        parse_block("features", {"items": [{"text": "x"}]})
    with pytest.raises(InvalidInput, match="items"):
        parse_block("features", {"items": []})


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " javascript:x", "data:text/html,x", "//evil.example", "/\\x"]
)
def test_a_link_that_could_run_something_or_leave_unseen_is_refused(href: str) -> None:
    with pytest.raises(InvalidInput, match="a link starts with"):
        parse_block("cta", {"actions": [{"label": "Go", "href": href}]})


def test_every_block_has_a_doc_line_and_a_partial() -> None:
    for type_, schema in BLOCKS.items():
        assert schema.__doc__, type_
        if type_ != "slot":
            assert (ROOT / "layouts" / "_blocks" / f"{type_}.html").is_file(), type_
    assert isinstance(parse_block("features", {"items": [{"title": "x"}]}), Features)


def test_a_template_is_read_in_the_order_of_its_blocks() -> None:
    template = parse_template(
        "x", "title: X\nregions:\n  top:\n    - breadcrumbs\n    - hero: {style: plain}\n"
    )
    assert [each.type for each in template.regions["top"]] == ["breadcrumbs", "hero"]
    assert template.regions["main"] == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("regions:\n  tpo: []\n", "did you mean `top`?"),
        ("titel: x\n", "did you mean `title`?"),
        ("regions:\n  top:\n    - hroe\n", "did you mean `hero`?"),
    ],
)
def test_a_template_with_a_slip_names_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_template("x", text, file="x.yaml")
    assert error.value.hint == hint


def test_the_first_root_that_has_a_template_wins(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text("title: Mine\n", "utf-8")
    roots = [tmp_path, ROOT / "templates"]
    assert load_template("page", roots).title == "Mine"
    assert load_template("article", roots).title == "Article"
    with pytest.raises(NotFound) as error:
        load_template("artcle", roots)
    assert error.value.hint == "did you mean `article`?"
