"""Finds a layout and its recipes in the folders that may hold them: site, workspace, shipped."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8.core.errors import ConfigError, NotFound
from igny8.sitebuilder.templates import Template, load_template, template_names


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout ready to render with.

    `roots` are the `layouts/` folders in the order of look-up, the shipped one last. `styles` are
    template names of CSS files that make the one stylesheet, in order.
    """

    name: str
    title: str
    description: str
    roots: tuple[Path, ...]
    styles: tuple[str, ...]
    templates: Mapping[str, Template]
    recipe_folders: tuple[Path, ...]
    is_overridden: bool

    def digest(self, shared: str) -> str:
        """Return what changes with `shared`, this layout's files, the recipes or this program."""
        made = hashlib.sha256(shared.encode())
        for path in sorted({*self._files(), *_program()}):
            made.update(f"\0{path}\0".encode())
            made.update(path.read_bytes())
        return made.hexdigest()

    def _files(self) -> Iterator[Path]:
        for folder in (*self.folders(), *self.recipe_folders):
            deep = folder.name == self.name or folder in self.recipe_folders
            yield from (
                each
                for each in (folder.rglob("*") if deep else folder.glob("_*/**/*"))
                if each.is_file()
            )

    def folders(self) -> tuple[Path, ...]:
        """Return where this layout's files may stand: its own folder, then the shared ones."""
        return tuple(
            folder for root in self.roots for folder in (root / self.name, root / "_frame", root)
        )


def layout_names(roots: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all layouts that the roots hold, sorted."""
    return tuple(
        sorted({path.parent.name for root in roots for path in root.glob("*/layout.toml")})
    )


def load_layout(name: str, layout_roots: Sequence[Path], template_roots: Sequence[Path]) -> Layout:
    """Return the layout `name` with every recipe a page may ask for.

    Recipes are looked up in `template_roots`, but a layout's own `templates/` folder goes before
    the shipped one, which stands last. Raises NotFound, ConfigError.
    """
    roots = tuple(layout_roots)
    home = next((root for root in roots if (root / name / "layout.toml").is_file()), None)
    if home is None:
        raise NotFound.named("layout", name, layout_names(roots))
    facts = _read(home / name / "layout.toml")
    own = tuple(root / name / "templates" for root in roots)
    recipes = (*template_roots[:-1], *own, *template_roots[-1:])
    return Layout(
        name=name,
        title=str(facts.get("title", name)),
        description=str(facts.get("description", "")),
        roots=roots,
        styles=tuple(facts.get("styles", ())),
        templates=_Recipes(recipes),
        recipe_folders=recipes,
        is_overridden=any(any(root.rglob("*.html")) for root in roots[:-1]),
    )


class _Recipes(Mapping[str, Template]):
    """The recipes of some folders, each read when a page asks for it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._names = template_names(folders)
        self._read: dict[str, Template] = {}

    def __getitem__(self, name: str) -> Template:
        found = self._read.get(name)
        if found is None:
            if name not in self._names:
                raise KeyError(name)
            found = self._read[name] = load_template(name, self._folders)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _program() -> Iterator[Path]:
    """The code that decides what pages look like: another igny8 makes other pages."""
    here = Path(__file__).parent
    yield from here.glob("*.py")
    yield from (here.parent / "sitebuilder").glob("*.py")


def _read(path: Path) -> dict[str, list[str] | str]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
