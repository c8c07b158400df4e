"""Find the workspace, read the layers, say which one won. Writes nothing.

Order, strongest first: option > environment (`IGNY8_SECTION__KEY`) > site.toml > igny8.toml >
default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from igny8.config.model import SITE_SECTIONS, Section, Settings, SiteIdentity
from igny8.core.errors import ConfigError, NotFound, nearest

FILE = "igny8.toml"
_PREFIX = "IGNY8_"


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """One site's identity and its settings, with the layer each came from."""

    slug: str
    folder: Path
    identity: SiteIdentity
    settings: Settings
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Config:
    """The workspace and its settings. `sources` maps `section.key` to the layer that set it."""

    root: Path
    settings: Settings
    sources: Mapping[str, str]
    environ: Mapping[str, str]

    @property
    def state(self) -> Path:
        """The folder for what igny8 keeps beside the store (locks, run log, saved replies)."""
        return self.root / ".igny8"

    def site_folder(self, slug: str) -> Path:
        """Where a site's files lie."""
        return self.root / "sites" / slug

    def site(self, slug: str) -> SiteConfig:
        """Read `sites/<slug>/site.toml` over this configuration.

        Raises NotFound without that file, ConfigError if it does not fit.
        """
        path = self.site_folder(slug) / "site.toml"
        if not path.is_file():
            raise NotFound(
                f"site `{slug}` has no site.toml",
                hint=f"make it with `igny8 site set {slug} name NAME`, or restore the file",
                code="config.no-site-file",
            )
        data = read_toml(path)
        overrides = {key: data.pop(key) for key in SITE_SECTIONS if key in data}
        _no_foreign_sections(data, path)
        identity = _validated(SiteIdentity, {"name": slug, **data}, path)
        layers = [
            ("igny8.toml", _tree(self.sources, self.settings, only="igny8.toml")),
            (f"sites/{slug}/site.toml", overrides),
            ("environment", _from_environment(self.environ)),
        ]
        settings, sources = _merge(layers, path)
        return SiteConfig(slug, path.parent, identity, settings, sources)


def find_workspace(start: Path) -> Path | None:
    """Return the nearest folder at or above `start` that holds an igny8.toml, or None."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    return None


def load(root: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read the workspace's settings. Raises ConfigError, naming the nearest key it knows."""
    environ = os.environ if environ is None else environ
    data = read_toml(root / FILE)
    if data.get("schema", 1) != 1:
        raise ConfigError(
            f"{root / FILE} has schema {data['schema']}; this igny8 reads schema 1",
            hint="upgrade igny8",
        )
    settings, sources = _merge(
        [("igny8.toml", data), ("environment", _from_environment(environ))], root / FILE
    )
    return Config(root, settings, sources, environ)


def read_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file. Raises ConfigError with the place of a mistake."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist", hint="run `igny8 init`") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", hint="mend that line") from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}") from error


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Turn nested tables into `section.key` → value."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """Every key of a settings model, dotted."""
    keys: list[str] = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            keys += known_keys(kind, f"{prefix}{name}.")
        else:
            keys.append(f"{prefix}{field.alias or name}")
    return keys


def _merge(layers: list[tuple[str, dict[str, Any]]], file: Path) -> tuple[Settings, dict[str, str]]:
    merged: dict[str, Any] = {}
    sources = dict.fromkeys(known_keys(), "default")
    for name, tree in layers:
        for key, value in flatten(tree).items():
            _put(merged, key.split("."), value)
            sources[key] = name
    return _validated(Settings, merged, file, sources), sources


def _tree(sources: Mapping[str, str], settings: Settings, *, only: str) -> dict[str, Any]:
    values = flatten(settings.model_dump(by_alias=True))
    tree: dict[str, Any] = {}
    for key, source in sources.items():
        if source == only and key in values:
            _put(tree, key.split("."), values[key])
    return tree


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        nested = tree.setdefault(key, {})
        if not isinstance(nested, dict):
            return  # a scalar where a table belongs: validation names it
        tree = nested
    tree[path[-1]] = value


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in sorted(environ.items()):
        if name.startswith(_PREFIX) and "__" in name:
            path = name.removeprefix(_PREFIX).lower().split("__")
            _put(tree, path, _split(value) if ".".join(path) in _list_keys(Settings) else value)
    return tree


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _list_keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Keys whose value is a list, which the environment writes with commas."""
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        if isinstance(field.default, Section):
            keys |= _list_keys(type(field.default), f"{prefix}{name}.")
        elif get_origin(field.annotation) is tuple:
            keys.add(f"{prefix}{name}")
    return keys


def _validated(
    model: type[Any],
    data: dict[str, Any],
    file: Path,
    sources: Mapping[str, str] = MappingProxyType({}),
) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        where = "the environment" if sources.get(key) == "environment" else str(file)
        if first["type"] == "extra_forbidden":
            known = known_keys(model)
            near = nearest(key, {*known, *(name.rpartition(".")[0] for name in known)} - {""})
            raise ConfigError(
                f"{where}: there is no setting `{key}`",
                hint=f"did you mean `{near}`?" if near else "see `igny8 config show`",
                code="config.unknown-key",
            ) from None
        raise ConfigError(
            f"{where}: `{key}`: {first['msg'].lower()}", hint="see `igny8 config show --sources`"
        ) from None


def _no_foreign_sections(data: Mapping[str, Any], path: Path) -> None:
    foreign = sorted(set(data) & (set(Settings.model_fields) - set(SITE_SECTIONS)))
    if foreign:
        raise ConfigError(
            f"{path}: `{foreign[0]}` belongs to the workspace", hint=f"set it in {FILE}"
        )
