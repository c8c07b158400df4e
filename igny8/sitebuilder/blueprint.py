"""The blueprint: the tree of a site's pages, as `blueprint.yaml` has it. Pure.

pages:
  - slug: ''                # the home page
    title: Home
    template: home
  - slug: services
    title: Services
    template: listing
    collect: service        # every service that no other page names stands below it
  - slug: about
    content: about-us       # the body comes from this item
menus:
  header: [services, about]
redirects:
  - {from: /old/, to: /services/}
  - {from: /news/*, to: /advice/*}    # every page below
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from igny8.core.errors import InvalidInput, nearest
from igny8.safety import yaml
from igny8.safety.yaml import Place
from igny8.sitebuilder import redirects
from igny8.sitebuilder.blocks import parse_block
from igny8.sitebuilder.types import Block, Redirect
from igny8.text.slugs import slugify

FILE = "blueprint.yaml"
COLLECTED = ("post", "page", "product", "service", "taxonomy")
MENUS = ("header", "footer", "legal")
_PAGE_KEYS = (
    "slug",
    "title",
    "template",
    "content",
    "collect",
    "description",
    "blocks",
    "children",
    "noindex",
)
_KEYS = ("pages", "menus", "redirects")


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the tree. `path` starts and ends with `/`."""

    path: str
    title: str
    template: str = ""
    content: str | None = None
    collect: str | None = None
    description: str = ""
    blocks: tuple[Block, ...] = ()
    is_noindex: bool = False
    children: tuple[PageSpec, ...] = ()

    def walk(self) -> Iterator[PageSpec]:
        """Yield this page and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All pages, menus (name → paths) and redirects of a site."""

    pages: tuple[PageSpec, ...]
    menus: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    redirects: tuple[Redirect, ...] = ()

    def walk(self) -> Iterator[PageSpec]:
        """Yield every page in order, parents before children."""
        for page in self.pages:
            yield from page.walk()

    @property
    def digest(self) -> str:
        """The same tree has the same digest, however its file is laid out."""
        return hashlib.sha256(dump(self).encode()).hexdigest()


def parse(
    text: str,
    *,
    file: str,
    templates: Sequence[str],
    contents: Collection[str] | None = None,
) -> Blueprint:
    """Read a blueprint. Raises InvalidInput naming file, line and the nearest valid name.

    `contents` are the names that items go by; without them any will do.
    """
    data, place = yaml.load_marked(text, file=file)
    return read(data, place, templates=templates, contents=contents)


def read(
    data: object,
    place: Place,
    *,
    templates: Sequence[str],
    contents: Collection[str] | None = None,
) -> Blueprint:
    """Read a blueprint from what its YAML says, which stands at `place`. Raises InvalidInput."""
    if not isinstance(data, dict):
        raise place.error("a blueprint is a mapping with `pages`")
    _only(data, _KEYS, "a blueprint", place)
    entries = data.get("pages") or []
    if not isinstance(entries, list) or not entries:
        raise place.at("pages").error("`pages` lists no page")
    found = _Found(templates, contents)
    pages = tuple(_page(entry, "/", place.at("pages", n), found) for n, entry in enumerate(entries))
    menus = _menus(data.get("menus") or {}, list(found.paths), place.at("menus"))
    redirects = _redirects(data.get("redirects") or [], place.at("redirects"))
    return Blueprint(pages, menus, redirects)


def dump(blueprint: Blueprint) -> str:
    """Write a blueprint as `parse` reads it."""
    tree: dict[str, Any] = {"pages": [_as_data(page, "/") for page in blueprint.pages]}
    if blueprint.menus:
        tree["menus"] = {
            name: [path.strip("/") for path in blueprint.menus[name]]
            for name in MENUS
            if blueprint.menus.get(name)
        }
    if blueprint.redirects:
        tree["redirects"] = [
            {"from": redirect.from_path, "to": redirect.to_path} for redirect in blueprint.redirects
        ]
    return yaml.dump(tree)


def page_data(page: PageSpec, parent: str = "/") -> dict[str, Any]:
    """Return a page as the file has it: `slug` is its path below `parent`."""
    return _as_data(page, parent)


def read_page(entry: object, place: Place, templates: Sequence[str]) -> PageSpec:
    """Read one page of the file, as if it stood at the top of the tree. Raises InvalidInput."""
    return _page(entry, "/", place, _Found(templates))


@dataclass(slots=True)
class _Found:
    """What the reader has met so far: names that only one page may have, and where it has them."""

    templates: Sequence[str]
    contents: Collection[str] | None = None
    paths: dict[str, Place] = field(default_factory=dict)
    collects: dict[str, Place] = field(default_factory=dict)


def _page(entry: object, parent: str, place: Place, found: _Found) -> PageSpec:
    if not isinstance(entry, dict):
        raise place.error(f"a page below `{parent}` is not a mapping")
    where = f"page `{entry.get('slug', entry.get('title', '?'))}`"
    _only(entry, _PAGE_KEYS, where, place)
    slug = str(entry.get("slug", slugify(str(entry.get("title", "")))) or "")
    if slug and slug != "/".join(slugify(part) for part in slug.split("/")):
        raise place.at("slug").error(f"{where}: `{slug}` is no slug", hint=slugify(slug))
    path = parent if not slug else f"{parent}{slug}/"
    _once("want the path", path, found.paths, place.at("slug"))
    template = str(entry.get("template", ""))
    if template and template not in found.templates:
        said = f"{where}: there is no template"
        raise _unknown(said, template, found.templates, place.at("template"))
    collect = entry.get("collect")
    if collect is not None:
        if collect not in COLLECTED:
            said = f"{where}: `collect` can't be"
            raise _unknown(said, str(collect), COLLECTED, place.at("collect"))
        _once("collect", collect, found.collects, place.at("collect"))
    content = entry.get("content")
    if content is None and not entry.get("title"):
        raise place.error(f"{where} has neither `title` nor `content`")
    if content is not None and found.contents is not None and str(content) not in found.contents:
        near = nearest(str(content), found.contents)
        raise place.at("content").error(
            f"page `{path}` names content `{content}`, which is not there",
            hint=f"did you mean `{near}`?" if near else "see `igny8 writer content`",
        )
    return PageSpec(
        path=path,
        title=str(entry.get("title", "")),
        template=template,
        content=str(content) if content is not None else None,
        collect=collect,
        description=str(entry.get("description", "")),
        blocks=tuple(
            _block(block, where, place.at("blocks", n))
            for n, block in enumerate(_list(entry, "blocks", where, place))
        ),
        is_noindex=_truth(entry, "noindex", where, place),
        children=tuple(
            _page(child, path, place.at("children", n), found)
            for n, child in enumerate(_list(entry, "children", where, place))
        ),
    )


def _list(entry: Mapping[Any, Any], key: str, where: str, place: Place) -> list[Any]:
    value = entry.get(key) or []
    if not isinstance(value, list):
        raise place.at(key).error(f"{where}: `{key}` is a list")
    return value


def _truth(entry: Mapping[Any, Any], key: str, where: str, place: Place) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise place.at(key).error(f"{where}: `{key}` is true or false")
    return value


def _block(entry: object, where: str, place: Place) -> Block:
    if isinstance(entry, str):
        entry = {entry: {}}
    if not isinstance(entry, dict) or len(entry) != 1:
        raise place.error(f"{where}: a block is a name with its fields under it")
    ((name, data),) = entry.items()
    data = {} if data is None else data
    if not isinstance(data, dict):
        raise place.error(f"{where}: block `{name}` needs fields")
    parse_block(str(name), data, place=place.at(name))
    return Block(str(name), data)


def _menus(data: object, paths: Sequence[str], place: Place) -> dict[str, tuple[str, ...]]:
    if not isinstance(data, dict):
        raise place.error("`menus` maps header, footer and legal to pages")
    _only(data, MENUS, "`menus`", place)
    known = [path.strip("/") for path in paths]
    menus = {}
    for name in data:
        entries = _list(data, name, "`menus`", place)
        for number, entry in enumerate(entries):
            if str(entry).strip("/") not in known:
                here = place.at(name, number)
                raise _unknown(f"menu `{name}` names", str(entry), known, here)
        menus[name] = tuple(
            f"/{slug}/" if (slug := str(entry).strip("/")) else "/" for entry in entries
        )
    return menus


def _redirects(entries: object, place: Place) -> tuple[Redirect, ...]:
    if not isinstance(entries, list):
        raise place.error("`redirects` is a list of from and to")
    known: dict[str, Place] = {}
    rules = []
    for number, entry in enumerate(entries):
        here = place.at(number)
        if not isinstance(entry, dict) or set(entry) != {"from", "to"}:
            raise here.error("a redirect has `from` and `to`")
        rule = Redirect(str(entry["from"]), str(entry["to"]))
        problem = redirects.objection(rule)
        if problem:
            raise here.error(problem)
        if rule.from_path in known:
            raise here.error(f"two redirects start at `{rule.from_path}`")
        known[rule.from_path] = here
        rules.append(rule)
    return tuple(rules)


def _once(said: str, name: str, known: dict[str, Place], place: Place) -> None:
    if name in known:
        first = known[name].line
        raise place.error(f"two pages {said} `{name}`", hint=f"the other is in line {first}")
    known[name] = place


def _only(data: Mapping[Any, Any], known: Sequence[str], where: str, place: Place) -> None:
    for key in data:
        if key not in known:
            raise _unknown(f"{where} has no key", str(key), known, place.at(key))


def _unknown(said: str, name: str, known: Sequence[str], place: Place) -> InvalidInput:
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
    return place.error(f"{said} `{name}`", hint=hint)


def _as_data(page: PageSpec, parent: str) -> dict[str, Any]:
    own = page.path.removeprefix(parent).strip("/")
    optional = {
        "title": page.title,
        "template": page.template,
        "content": page.content,
        "collect": page.collect,
        "description": page.description,
    }
    data: dict[str, Any] = {"slug": own, **{key: value for key, value in optional.items() if value}}
    if page.blocks:
        data["blocks"] = [{block.type: dict(block.data)} for block in page.blocks]
    if page.is_noindex:
        data["noindex"] = True
    if page.children:
        data["children"] = [_as_data(child, page.path) for child in page.children]
    return data
