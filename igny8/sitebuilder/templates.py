"""Page recipes: which regions of a page hold which blocks. Reads `templates/*.yaml`, data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8.core.errors import NotFound, nearest
from igny8.safety.yaml import Place, load_marked
from igny8.sitebuilder.blocks import Part, parse_block

REGIONS = ("top", "main", "aside", "bottom")


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One block of a recipe, checked."""

    type: str
    block: Part


@dataclass(frozen=True, slots=True)
class Template:
    """A recipe. `regions` maps each of REGIONS to its blocks in order."""

    name: str
    title: str
    regions: Mapping[str, tuple[Ingredient, ...]]


def template_names(roots: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all recipes that the roots hold, sorted."""
    return tuple(sorted({path.stem for root in roots for path in root.glob("*.yaml")}))


def template_file(name: str, roots: Sequence[Path]) -> Path:
    """Return the file of a recipe in the first root that has it. Raises NotFound."""
    for root in roots:
        path = root / f"{name}.yaml"
        if path.is_file():
            return path
    raise NotFound.named(
        "template", name, template_names(roots), list_with="igny8 sitebuilder templates"
    )


def load_template(name: str, roots: Sequence[Path]) -> Template:
    """Return the recipe from the first root that has it (site, then workspace, then shipped).

    Raises NotFound naming the nearest recipe, InvalidInput with file for what does not fit.
    """
    path = template_file(name, roots)
    return parse_template(name, path.read_text("utf-8"), file=str(path))


def parse_template(name: str, text: str, *, file: str | None = None) -> Template:
    """Return the recipe that `text` (YAML: title, regions) describes."""
    data, place = load_marked(text, file=file or name)
    if not isinstance(data, dict):
        raise place.error("a template is a mapping with `title` and `regions`")
    for key in data:
        _known("key", key, ("title", "regions"), place)
    regions = data.get("regions") or {}
    place = place.at("regions")
    if not isinstance(regions, dict):
        raise place.error("`regions` maps region names to lists of blocks")
    for region in regions:
        _known("region", region, REGIONS, place)
    return Template(
        name=name,
        title=str(data.get("title", name)),
        regions={r: _ingredients(regions.get(r) or [], place.at(r)) for r in REGIONS},
    )


def _ingredients(entries: object, place: Place) -> tuple[Ingredient, ...]:
    if not isinstance(entries, list):
        raise place.error("a region is a list of blocks")
    return tuple(_ingredient(entry, place.at(n)) for n, entry in enumerate(entries))


def _ingredient(entry: object, place: Place) -> Ingredient:
    """Read `breadcrumbs` or `{hero: {title: …}}`."""
    if isinstance(entry, str):
        return Ingredient(entry, parse_block(entry, {}, place=place))
    if isinstance(entry, dict) and len(entry) == 1:
        ((type_, data),) = entry.items()
        if isinstance(data, dict) or data is None:
            return Ingredient(
                str(type_), parse_block(str(type_), data or {}, place=place.at(type_))
            )
    raise place.error("a block is a name, or a name with its fields under it")


def _known(kind: str, name: object, known: Sequence[str], place: Place) -> None:
    if name not in known:
        near = nearest(str(name), known)
        hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
        raise place.at(str(name)).error(f"a template has no {kind} `{name}`", hint=hint)
