"""Starters: page trees to begin a site with, as `templates/starters/*.yaml` has them. Pure.

A starter is a blueprint whose pages may also have a `hint` (what a person should put there) and a
`needs` (a kind of content, or `people`, or `questions`: without it the page is left out). `{name}`
and `{tagline}` in titles and descriptions are the site's. No block is in it: a starter knows the
shape of a site, and nothing of the business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from igny8.core.errors import InvalidInput, NotFound, nearest
from igny8.safety import yaml
from igny8.safety.yaml import Place
from igny8.sitebuilder.blueprint import COLLECTED, Blueprint, PageSpec, read
from igny8.sitebuilder.structure import SECTIONS, Known, Written
from igny8.sitebuilder.types import Block
from igny8.text.slugs import unique

FOLDER = "starters"
NEEDS = (*COLLECTED, "people", "questions")
_KEYS = ("title", "description", "goal", "site_types", "layout", "pages", "menus")
_LEGAL_ENTRIES = 6


@dataclass(frozen=True, slots=True)
class Starter:
    """A page tree with what goes where. `hints` and `needs` are by path."""

    name: str
    title: str
    description: str
    goal: str
    site_types: tuple[str, ...]
    layout: str
    tree: Blueprint
    hints: Mapping[str, str]
    needs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Started:
    """A blueprint made from a starter. `left_out` maps paths to what they lack."""

    blueprint: Blueprint
    hints: Mapping[str, str]
    left_out: Mapping[str, str]


def parse_starter(name: str, text: str, *, file: str, templates: Sequence[str]) -> Starter:
    """Read a starter. Raises InvalidInput naming file, line and the nearest valid name."""
    data, place = yaml.load_marked(text, file=file)
    if not isinstance(data, dict):
        raise place.error("a starter is a mapping with `title` and `pages`")
    for key in data:
        if key not in _KEYS:
            raise _unknown("a starter has no key", key, _KEYS, place.at(key))
    hints: dict[str, str] = {}
    needs: dict[str, str] = {}
    pages = data.get("pages") or []
    marked = list(_marked(pages, "/", place.at("pages"))) if isinstance(pages, list) else []
    for path, entry, here in marked:
        hint, need = entry.pop("hint", ""), entry.pop("needs", "")
        if hint:
            hints[path] = str(hint)
        if need:
            if need not in NEEDS:
                raise _unknown("`needs` can't be", str(need), NEEDS, here.at("needs"))
            needs[path] = str(need)
    site_types = data.get("site_types") or []
    if not isinstance(site_types, list):
        raise place.at("site_types").error("`site_types` is a list")
    tree = {key: data[key] for key in ("pages", "menus") if key in data}
    return Starter(
        name=name,
        title=str(data.get("title", name)),
        description=str(data.get("description", "")),
        goal=str(data.get("goal", "")),
        site_types=tuple(map(str, site_types)),
        layout=str(data.get("layout", "default")),
        tree=read(tree, place, templates=templates),
        hints=hints,
        needs=needs,
    )


def started(
    starter: Starter,
    *,
    name: str,
    tagline: str,
    items: Sequence[Written],
    known: Known,
    without: Collection[str] = (),
) -> Started:
    """Return the starter's tree for one site, in which every item has exactly one place.

    `without` are paths that are not wanted, nor is what they would collect. An item of kind page
    takes the starter's page of its slug, or gets one of its own; a kind that nothing collects gets
    a section. Raises NotFound.
    """
    paths = {page.path for page in starter.tree.walk()}
    for path in without:
        if path not in paths:
            raise NotFound.named("page", path, paths)
        if path == "/":
            raise InvalidInput("a site has a home page", hint="leave it in")
    there = _there(items, known)
    left_out = {path: need for path, need in starter.needs.items() if need not in there}
    words = {"{name}": name, "{tagline}": tagline}
    pages = _kept(starter.tree.pages, {*left_out, *without}, words)
    pages, used = _with_items(pages, {i.slug: i for i in items if i.entity_type == "page"})
    unwanted = {page.collect for page in starter.tree.walk() if page.path in without}
    more = _sections(pages, items, name, unwanted) + _singles(pages, items, used)
    pages = (*pages, *more)
    menus = _menus(starter.tree.menus, pages, more)
    tree = _dressed(Blueprint(pages, menus), name, known)
    kept = {page.path: page for page in tree.walk()}
    return Started(
        blueprint=tree,
        hints={
            path: _worded(hint, words)
            for path, hint in starter.hints.items()
            if path in kept and not kept[path].content
        },
        left_out={path: need for path, need in left_out.items() if path not in without},
    )


def _marked(
    entries: list[Any], parent: str, place: Place
) -> Iterator[tuple[str, dict[str, Any], Place]]:
    """Yield every page's path, entry and place."""
    for number, entry in enumerate(entries):
        if isinstance(entry, dict):
            slug = str(entry.get("slug", "") or "")
            path = f"{parent}{slug}/" if slug else parent
            here = place.at(number)
            yield path, entry, here
            below = entry.get("children")
            if isinstance(below, list):
                yield from _marked(below, path, here.at("children"))


def _there(items: Sequence[Written], known: Known) -> set[str]:
    found = {item.entity_type for item in items}
    found |= {"people"} if known.people else set()
    return found | ({"questions"} if known.questions else set())


def _kept(
    pages: tuple[PageSpec, ...], gone: Collection[str], words: Mapping[str, str]
) -> tuple[PageSpec, ...]:
    return tuple(
        replace(
            page,
            title=_worded(page.title, words),
            description=_worded(page.description, words),
            children=_kept(page.children, gone, words),
        )
        for page in pages
        if page.path not in gone
    )


def _worded(text: str, words: Mapping[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _with_items(
    pages: tuple[PageSpec, ...], singles: Mapping[str, Written]
) -> tuple[tuple[PageSpec, ...], set[str]]:
    """Give pages the items that are about the same; return them and the slugs used up."""
    used: set[str] = set()

    def given(page: PageSpec) -> PageSpec:
        slug = page.path.rstrip("/").rpartition("/")[2]
        free = [item for item in singles.values() if item.slug not in used]
        fit = next((i for i in free if i.slug == slug), None)
        if fit is None and page.template == "about":
            fit = next((i for i in free if _is_about(i)), None)
        if fit is not None and slug and not page.collect:
            used.add(fit.slug)
            page = replace(page, content=fit.slug)
        return replace(page, children=tuple(given(child) for child in page.children))

    return tuple(given(page) for page in pages), used


def _is_about(item: Written) -> bool:
    return item.slug.startswith("about") or item.title.casefold().startswith("about ")


def _sections(
    pages: Sequence[PageSpec],
    items: Sequence[Written],
    name: str,
    unwanted: Collection[str | None],
) -> tuple[PageSpec, ...]:
    """A listing for every kind that there is, that no page collects and that is not unwanted."""
    walked = [each for page in pages for each in page.walk()]
    collected = {page.collect for page in walked}
    kinds = {item.entity_type for item in items} - collected - set(unwanted)
    taken = {page.path for page in walked}
    made = []
    for kind, section in SECTIONS.items():
        path = f"/{section.slug}/"
        if kind in kinds and path not in taken:
            about = section.description.format(name=name)
            made.append(PageSpec(path, section.title, "listing", None, kind, about))
    return tuple(made)


def _singles(
    pages: Sequence[PageSpec], items: Sequence[Written], used: set[str]
) -> tuple[PageSpec, ...]:
    """A page for each item that none collects: pages, and terms of a taxonomy."""
    walked = [each for page in pages for each in page.walk()]
    taken = {page.path.strip("/") for page in walked}
    collected = {page.collect for page in walked}
    made = []
    for item in items:
        if item.slug in used or item.entity_type in collected:
            continue
        if item.entity_type in ("page", "taxonomy"):
            path = f"/{unique(item.slug, taken)}/"
            taken.add(path.strip("/"))
            made.append(PageSpec(path, "", item.entity_type, content=item.slug))
    return tuple(made)


def _menus(
    menus: Mapping[str, tuple[str, ...]], pages: Sequence[PageSpec], more: Sequence[PageSpec]
) -> dict[str, tuple[str, ...]]:
    """The starter's menus without what is gone, with the sections and pages that came."""
    there = {each.path for page in pages for each in page.walk()}
    found = {name: [path for path in paths if path in there] for name, paths in menus.items()}
    sections = [page.path for page in more if page.collect]
    others = [page.path for page in more if not page.collect]
    for name in ("header", "footer"):
        entries = found.setdefault(name, [])
        entries.extend(path for path in sections if path not in entries)
    legal = found.setdefault("legal", [])
    legal.extend(others[: max(0, _LEGAL_ENTRIES - len(legal))])
    return {name: tuple(paths) for name, paths in found.items() if paths}


def _dressed(tree: Blueprint, name: str, known: Known) -> Blueprint:
    """Put people and questions of the knowledge files where the tree has room for them."""
    templates = {page.template for page in tree.walk()}
    of_people = "team" if "team" in templates else "about"
    has_faq = "faq" in templates

    def dressed(page: PageSpec) -> PageSpec:
        blocks = list(page.blocks)
        if known.people and page.template == of_people:
            people = [dict(person) for person in known.people]
            blocks.append(Block("people", {"title": f"The people of {name}", "items": people}))
        if known.questions and (page.template == "faq" if has_faq else page.path == "/"):
            questions = [dict(question) for question in known.questions]
            title = {} if has_faq else {"title": "Questions we are asked"}
            blocks.append(Block("faq", {**title, "items": questions}))
        children = tuple(dressed(child) for child in page.children)
        return replace(page, blocks=tuple(blocks), children=children)

    return replace(tree, pages=tuple(dressed(page) for page in tree.pages))


def _unknown(said: str, name: str, known: Sequence[str], place: Place) -> InvalidInput:
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
    return place.error(f"{said} `{name}`", hint=hint)
