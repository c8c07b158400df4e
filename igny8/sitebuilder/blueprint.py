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
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from igny8.core.errors import InvalidInput, nearest
from igny8.safety import yaml
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


def parse(text: str, *, file: str, templates: Sequence[str]) -> Blueprint:
    """Read a blueprint. Raises InvalidInput naming file, page and the nearest valid name."""
    data = yaml.load(text, file=file)
    if not isinstance(data, dict):
        raise InvalidInput("a blueprint is a mapping with `pages`", file=file)
    _only(data, _KEYS, "a blueprint", file)
    entries = data.get("pages") or []
    if not isinstance(entries, list) or not entries:
        raise InvalidInput("`pages` lists no page", file=file)
    pages = tuple(_page(entry, "/", file, templates) for entry in entries)
    blueprint = Blueprint(pages, redirects=_redirects(data.get("redirects") or [], file))
    paths = [page.path for page in blueprint.walk()]
    _once("want the path", paths, file)
    _once("collect", [page.collect for page in blueprint.walk() if page.collect], file)
    return replace(blueprint, menus=_menus(data.get("menus") or {}, paths, file))


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


def _page(entry: object, parent: str, file: str, templates: Sequence[str]) -> PageSpec:
    if not isinstance(entry, dict):
        raise InvalidInput(f"a page below `{parent}` is not a mapping", file=file)
    where = f"page `{entry.get('slug', entry.get('title', '?'))}`"
    _only(entry, _PAGE_KEYS, where, file)
    slug = str(entry.get("slug", slugify(str(entry.get("title", "")))) or "")
    if slug and slug != "/".join(slugify(part) for part in slug.split("/")):
        raise InvalidInput(f"{where}: `{slug}` is no slug", file=file, hint=slugify(slug))
    path = parent if not slug else f"{parent}{slug}/"
    template = str(entry.get("template", ""))
    if template and template not in templates:
        raise _unknown(f"{where}: there is no template", template, templates, file)
    collect = entry.get("collect")
    if collect is not None and collect not in COLLECTED:
        raise _unknown(f"{where}: `collect` can't be", str(collect), COLLECTED, file)
    content = entry.get("content")
    if content is None and not entry.get("title"):
        raise InvalidInput(f"{where} has neither `title` nor `content`", file=file)
    return PageSpec(
        path=path,
        title=str(entry.get("title", "")),
        template=template,
        content=str(content) if content is not None else None,
        collect=collect,
        description=str(entry.get("description", "")),
        blocks=tuple(_block(block, where, file) for block in _list(entry, "blocks", where, file)),
        is_noindex=entry.get("noindex") is True,
        children=tuple(
            _page(child, path, file, templates) for child in _list(entry, "children", where, file)
        ),
    )


def _list(entry: Mapping[Any, Any], key: str, where: str, file: str) -> list[Any]:
    value = entry.get(key) or []
    if not isinstance(value, list):
        raise InvalidInput(f"{where}: `{key}` is a list", file=file)
    return value


def _block(entry: object, where: str, file: str) -> Block:
    if isinstance(entry, str):
        entry = {entry: {}}
    if not isinstance(entry, dict) or len(entry) != 1:
        raise InvalidInput(f"{where}: a block is a name with its fields under it", file=file)
    ((name, data),) = entry.items()
    if not isinstance(data, dict):
        raise InvalidInput(f"{where}: block `{name}` needs fields", file=file)
    parse_block(str(name), data, file=file)
    return Block(str(name), data)


def _menus(data: object, paths: Sequence[str], file: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(data, dict):
        raise InvalidInput("`menus` maps header, footer and legal to pages", file=file)
    _only(data, MENUS, "`menus`", file)
    known = [path.strip("/") for path in paths]
    menus = {}
    for name in data:
        entries = _list(data, name, "`menus`", file)
        for entry in entries:
            if str(entry).strip("/") not in known:
                raise _unknown(f"menu `{name}` names", str(entry), known, file)
        menus[name] = tuple(
            f"/{slug}/" if (slug := str(entry).strip("/")) else "/" for entry in entries
        )
    return menus


def _redirects(entries: object, file: str) -> tuple[Redirect, ...]:
    if not isinstance(entries, list):
        raise InvalidInput("`redirects` is a list of from and to", file=file)
    found = []
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"from", "to"}:
            raise InvalidInput("a redirect has `from` and `to`", file=file)
        found.append(Redirect(str(entry["from"]), str(entry["to"])))
    return tuple(found)


def _once(said: str, names: Sequence[str], file: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise InvalidInput(f"two pages {said} `{name}`", file=file)


def _only(data: Mapping[Any, Any], known: Sequence[str], where: str, file: str) -> None:
    for key in data:
        if key not in known:
            raise _unknown(f"{where} has no key", str(key), known, file)


def _unknown(said: str, name: str, known: Sequence[str], file: str) -> InvalidInput:
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
    return InvalidInput(f"{said} `{name}`", file=file, hint=hint)


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
