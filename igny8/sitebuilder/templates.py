"""Page recipes: which regions of a page hold which blocks. Reads `templates/*.yaml`, data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8.core.errors import InvalidInput, NotFound, nearest
from igny8.safety.yaml import load
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


def load_template(name: str, roots: Sequence[Path]) -> Template:
    """Return the recipe from the first root that has it (site, then workspace, then shipped).

    Raises NotFound naming the nearest recipe, InvalidInput with file for what does not fit.
    """
    for root in roots:
        path = root / f"{name}.yaml"
        if path.is_file():
            return parse_template(name, path.read_text("utf-8"), file=str(path))
    raise NotFound.named("template", name, template_names(roots))


def parse_template(name: str, text: str, *, file: str | None = None) -> Template:
    """Return the recipe that `text` (YAML: title, regions) describes."""
    data = load(text, file=file or name)
    if not isinstance(data, dict):
        raise InvalidInput("a template is a mapping with `title` and `regions`", file=file)
    for key in data:
        _known("key", key, ("title", "regions"), file)
    regions = data.get("regions") or {}
    if not isinstance(regions, dict):
        raise InvalidInput("`regions` maps region names to lists of blocks", file=file)
    for region in regions:
        _known("region", region, REGIONS, file)
    return Template(
        name=name,
        title=str(data.get("title", name)),
        regions={region: _ingredients(regions.get(region) or [], file) for region in REGIONS},
    )


def _ingredients(entries: object, file: str | None) -> tuple[Ingredient, ...]:
    if not isinstance(entries, list):
        raise InvalidInput("a region is a list of blocks", file=file)
    return tuple(_ingredient(entry, file) for entry in entries)


def _ingredient(entry: object, file: str | None) -> Ingredient:
    """Read `breadcrumbs` or `{hero: {title: …}}`."""
    if isinstance(entry, str):
        return Ingredient(entry, parse_block(entry, {}, file=file))
    if isinstance(entry, dict) and len(entry) == 1:
        ((type_, data),) = entry.items()
        if isinstance(data, dict) or data is None:
            return Ingredient(str(type_), parse_block(str(type_), data or {}, file=file))
    raise InvalidInput("a block is a name, or a name with its fields under it", file=file)


def _known(kind: str, name: object, known: Sequence[str], file: str | None) -> None:
    if name not in known:
        near = nearest(str(name), known)
        hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
        raise InvalidInput(f"a template has no {kind} `{name}`", file=file, hint=hint)
