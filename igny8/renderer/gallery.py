"""The gallery: a site that shows every block in every layout, scheme and state.

It goes through `render` as any build does; what it shows comes from `_blocks/examples.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from markupsafe import Markup

from igny8.core.errors import ConfigError
from igny8.core.resources import shipped
from igny8.renderer import gallery_site
from igny8.renderer.gallery_site import Change
from igny8.renderer.layouts import Layout, layout_names, load_layout
from igny8.renderer.rendering import render
from igny8.renderer.theme import palette
from igny8.renderer.types import Artifact, WriteReport
from igny8.renderer.writing import write
from igny8.safety import yaml
from igny8.sitebuilder import block_states
from igny8.sitebuilder.blocks import BLOCKS, parse_block
from igny8.sitebuilder.templates import Ingredient, Template
from igny8.sitebuilder.types import (
    Block,
    MenuItem,
    Menus,
    NewsletterForm,
    Page,
    PageKind,
    SiteFacts,
    Snapshot,
)

Examples = Mapping[str, Mapping[str, Any]]

SCHEMES = ("light", "dark")
_ORIGIN = "https://gallery.example"
# What only shows something of the page it stands on; these stand around the page's own text.
_OF_THE_PAGE = ("breadcrumbs", "hero", "page_header", "toc", "facts", "tags", "author_box")
_NEEDS_PAGES = {"style": "posts", "card": "services"}  # choices of a card grid that lists pages
_FOLLOWS = b"color-scheme:light dark"


@dataclass(frozen=True, slots=True)
class State:
    """One way to fill every block. `change` rewords the page around them too."""

    name: str
    title: str
    about: str
    data: Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
    change: Change = str
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Gallery:
    """What `build_gallery` made: the page to open first, and the layouts that it shows."""

    start: Path
    layouts: tuple[str, ...]
    page_count: int
    written: WriteReport


def build_gallery(workspace: Path, out: Path, layout: str | None = None) -> Gallery:
    """Build the gallery of one layout, or of all that a workspace can use, into `out`, in place.

    Raises NotFound, InvalidInput when `out` holds files of others, ConfigError when it can't be
    written.
    """
    roots = [root for root in (workspace / "layouts", shipped("layouts")) if root.is_dir()]
    templates = [workspace / "templates", shipped("templates")]
    roots, templates = list(dict.fromkeys(roots)), list(dict.fromkeys(templates))
    names = (layout,) if layout else layout_names(roots)
    layouts = [load_layout(name, roots, templates) for name in names]
    made = list(artifacts(layouts, load_examples(roots)))
    try:
        written = write(made, out)
    except OSError as error:
        raise ConfigError(
            f"{error.filename or out} can't be written: {error.strerror}",
            hint="check room and permissions, or name another folder with --out",
            code="renderer.unwritable",
        ) from error
    count = sum(each.media_type == "text/html" for each in made)
    return Gallery(out / "index.html", names, count, written)


def load_examples(roots: Sequence[Path]) -> Examples:
    """Return block type → the data of its example, checked. Raises InvalidInput, ConfigError."""
    found: dict[str, Mapping[str, Any]] = {}
    for root in reversed(roots):
        path = root / "_blocks" / "examples.yaml"
        if not path.is_file():
            continue
        data = yaml.load(path.read_text("utf-8"), file=str(path))
        if not isinstance(data, dict):
            raise ConfigError(f"{path}: examples are a mapping of block types to their fields")
        for type_, example in data.items():
            parse_block(type_, example or {}, file=str(path))
            found[type_] = example or {}
    return found


def artifacts(layouts: Sequence[Layout], examples: Examples) -> Iterator[Artifact]:
    """Yield every file: a cover, then a folder for each layout and scheme, with `rtl/` in it."""
    cover = next((each for each in layouts if each.name == "default"), layouts[0])
    yield from render(_cover(layouts), cover)
    for layout in layouts:
        for scheme in SCHEMES:
            folder = f"{layout.name}/{scheme}/"
            yield from _in_scheme(_site(layout, examples, folder, "en-GB"), folder, scheme)
            folder += "rtl/"
            yield from _in_scheme(_site(layout, examples, folder, "ar"), folder, scheme)


def _in_scheme(site: Iterator[Artifact], folder: str, scheme: str) -> Iterator[Artifact]:
    """Put a site below a folder, and hold its stylesheet to one scheme."""
    for each in site:
        content = each.content
        if each.media_type == "text/css":
            content = content.replace(_FOLLOWS, b"color-scheme:" + scheme.encode())
        yield Artifact(folder + each.path, content, each.media_type)


def _site(layout: Layout, examples: Examples, folder: str, locale: str) -> Iterator[Artifact]:
    is_rtl = locale == "ar"
    shown = (_rtl(),) if is_rtl else _states()
    facts = _facts(layout.name, folder, locale, block_states.arabic if is_rtl else str, shown)
    recipes = {f"gallery-{state.name}": _recipe(state, examples) for state in shown}
    snapshot = Snapshot(facts, tuple(_pages(facts, examples, shown)))
    yield from render(snapshot, replace(layout, templates={**layout.templates, **recipes}))
    yield from gallery_site.pictures(palette(facts.theme.brand))


# States.


def _states() -> tuple[State, ...]:
    return (
        State("full", "Full", "Every block with the data of its example.", _full),
        State("sparse", "Sparse", "One item, a title, a line.", _sparse),
        State("empty", "Empty", "Nothing but what a block must have.", _empty, is_bare=True),
        State(
            "long",
            "Very long words",
            "Words that no line of a phone can hold.",
            lambda type_, data: _reworded(type_, data, block_states.long_words),
            block_states.long_words,
        ),
        State("soft", "Soft ground", "On the soft background.", lambda t, d: _toned(t, d, "soft")),
        State("deep", "Deep ground", "On the deep background.", lambda t, d: _toned(t, d, "deep")),
    )


def _rtl() -> State:
    return State(
        "full",
        "Right to left",
        "Every block in a script that runs the other way.",
        lambda type_, data: _reworded(type_, data, block_states.arabic),
        block_states.arabic,
    )


def _full(_type: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return data


def _sparse(type_: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return block_states.reduced(BLOCKS[type_], data, keep=2)


def _empty(type_: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return block_states.reduced(BLOCKS[type_], data)


def _reworded(type_: str, data: Mapping[str, Any], change: Change) -> Mapping[str, Any]:
    return block_states.reworded(BLOCKS[type_], data, change)


def _toned(type_: str, data: Mapping[str, Any], tone: str) -> Mapping[str, Any]:
    return {**data, "tone": tone} if "tone" in BLOCKS[type_].model_fields else data


# Pages.


def _pages(facts: SiteFacts, examples: Examples, shown: Sequence[State]) -> Iterator[Page]:
    change = shown[0].change
    yield Page(
        id="home",
        path="/",
        kind=PageKind.HOME,
        title=facts.name,
        summary=facts.tagline,
        body_html="",
    )
    yield Page(
        id="blocks",
        path="/blocks/",
        kind=PageKind.LISTING,
        title=change("Every block"),
        summary=change("The block library in this layout, in each of its states."),
        parent_id="home",
    )
    for state in shown:
        yield from _state_pages(state, examples)
    if len(shown) > 1:
        yield from _choice_pages(examples)
    yield from gallery_site.pages(change)


def _state_pages(state: State, examples: Examples) -> Iterator[Page]:
    sections = [
        block
        for type_, data in examples.items()
        if type_ not in _OF_THE_PAGE
        for block in _labelled(type_, state.title, state.data(type_, data), state.change)
    ]
    yield Page(
        id=f"blocks-{state.name}",
        path=f"/blocks/{state.name}/",
        kind=PageKind.PAGE,
        title=state.change(state.title),
        summary=state.change(state.about),
        blocks=tuple(sections),
        parent_id="blocks",
        related=("guide-1", "guide-2", "guide-3"),
    )
    page = Page(
        id=f"around-{state.name}",
        path=f"/blocks/{state.name}-page/",
        kind=PageKind.PAGE,
        title=state.change(f"{state.title}, around a text"),
        template=f"gallery-{state.name}",
        parent_id="blocks",
    )
    if not state.is_bare:
        page = replace(
            page,
            summary=state.change(state.about),
            body_html=gallery_site.body(state.change),
            structure_data=gallery_site.product(state.change),
            author=gallery_site.author(state.change),
            terms=(("tags", "Winter"), ("tags", state.change("Tools"))),
            published_on=gallery_site.DAY,
            updated_on=gallery_site.DAY + timedelta(days=9),
            reading_minutes=4,
        )
    yield page
    hero = state.data("hero", examples["hero"])
    yield Page(
        id=f"opening-{state.name}",
        path=f"/blocks/{state.name}-opening/",
        kind=PageKind.PAGE,
        title=state.change(f"{state.title}, opening"),
        blocks=(Block("hero", hero),),
        parent_id="blocks",
    )


def _labelled(
    type_: str, state: str, data: Mapping[str, Any], change: Change
) -> tuple[Block, Block]:
    label = Markup('<p id="{}-{}"><code>{}</code> {}</p>').format(
        type_, "-".join(state.split()), type_, change(state)
    )
    return Block("rich_text", {"html": str(label)}), Block(type_, data)


def _choice_pages(examples: Examples) -> Iterator[Page]:
    """Every choice that is no background: styles, shapes, sources."""
    found = [
        (type_, field, choice)
        for type_ in examples
        if type_ not in _OF_THE_PAGE
        for field, choice in block_states.choices(BLOCKS[type_])
        if field != "tone"
    ]
    made: list[Block] = []
    for type_, field, choice in found:
        data = {**examples[type_], field: choice}
        if type_ == "card_grid" and field in _NEEDS_PAGES:
            data["source"] = _NEEDS_PAGES[field]
        if choice == "pages":
            data["pages"] = ["guide-1", "service-1", "product-1"]
        made += _labelled(type_, f"{field} {choice}", data, str)
    yield Page(
        id="blocks-choices",
        path="/blocks/choices/",
        kind=PageKind.PAGE,
        title="Choices",
        summary="Each style, shape and source that a block offers.",
        body_html="<p>The page's own text.</p>",
        blocks=tuple(made),
        parent_id="blocks",
    )
    for style in ("centre", "plain"):
        yield Page(
            id=f"opening-{style}",
            path=f"/blocks/opening-{style}/",
            kind=PageKind.PAGE,
            title=f"Opening, {style}",
            blocks=(Block("hero", {**examples["hero"], "style": style}),),
            parent_id="blocks",
        )


def _recipe(state: State, examples: Examples) -> Template:
    def placed(*types: str) -> tuple[Ingredient, ...]:
        return tuple(
            Ingredient(type_, parse_block(type_, state.data(type_, examples.get(type_, {}))))
            for type_ in types
        )

    return Template(
        name=f"gallery-{state.name}",
        title=state.title,
        regions={
            "top": placed("breadcrumbs", "page_header"),
            "aside": placed("toc", "facts"),
            "main": (
                Ingredient("rich_text", parse_block("rich_text", {"source": "body"})),
                *placed("tags", "author_box"),
            ),
            "bottom": placed("pagination"),
        },
    )


def _facts(
    layout: str, folder: str, locale: str, change: Change, shown: Sequence[State]
) -> SiteFacts:
    states = tuple(MenuItem(change(each.title), f"blocks-{each.name}") for each in shown)
    if locale != "ar":
        states += (
            MenuItem("Choices", "blocks-choices"),
            MenuItem("Right to left", url="/rtl/blocks/full/"),
        )
    return SiteFacts(
        slug="gallery",
        name=change("Fernhill Cycles"),
        base_url=f"{_ORIGIN}/{folder}".rstrip("/"),
        locale=locale,
        tagline=change("Bicycle workshop at the weir"),
        layout=layout,
        business=gallery_site.business(change),
        menus=Menus(
            header=(
                MenuItem(change("Blocks"), "blocks", children=states),
                MenuItem(change("Services"), "services"),
                MenuItem(change("Shop"), "shop"),
                MenuItem(change("Guides"), "guides"),
                MenuItem(change("Search"), "search"),
            )
        ),
        newsletter=NewsletterForm("https://letters.example/subscribe"),
    )


def _cover(layouts: Sequence[Layout]) -> Snapshot:
    facts = SiteFacts(
        slug="gallery",
        name="Block gallery",
        base_url=_ORIGIN,
        tagline="Every block in every layout, scheme and state",
        newsletter=NewsletterForm("https://letters.example/subscribe"),
    )
    grids = [
        Block(
            "card_grid",
            {
                "title": f"{layout.title}, {scheme}",
                "intro": layout.description,
                "source": "items",
                "tone": "plain" if scheme == "light" else "soft",
                "items": [
                    {"title": title, "text": about, "href": f"/{layout.name}/{scheme}/{path}"}
                    for title, about, path in _doors()
                ],
            },
        )
        for layout in layouts
        for scheme in SCHEMES
    ]
    opening = Block("hero", {"style": "plain", "title": facts.tagline, "intro": "Pick a layout."})
    home = Page("home", "/", PageKind.HOME, facts.name, summary=facts.tagline)
    return Snapshot(facts, (replace(home, blocks=(opening, *grids)),))


def _doors() -> Iterator[tuple[str, str, str]]:
    yield "Home page", "As a site of this layout opens.", ""
    for state in _states():
        yield state.title, state.about, f"blocks/{state.name}/"
    yield "Choices", "Each style, shape and source that a block offers.", "blocks/choices/"
    yield _rtl().title, _rtl().about, "rtl/blocks/full/"
