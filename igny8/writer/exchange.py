"""Content items as files: YAML front matter and the body's own bytes. Pure.

The format of `writer import`, `site export` and `site import`. `id` is what links name. `date`,
`tags`, `categories` and `description` are spelled as every generator spells them; unknown keys are
kept and come back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from igny8.core.errors import InvalidInput
from igny8.text import frontmatter
from igny8.text.slugs import slugify
from igny8.writer.types import Content, EntityType, NewContent, Source, Status, SyncStatus

SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
_ID = re.compile(r"con_[0-9a-z]{26}")
_LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
# What the store's columns hold, in characters.
_LONGEST = {
    "title": 500,
    "meta_title": 500,
    "meta_description": 1000,
    "description": 1000,
    "author": 120,
    "external_id": 200,
}
_TEXT = ("meta_title", "meta_description", "author", "external_id")
_LISTS = ("keywords", "tags", "categories")
_KNOWN = frozenset(
    {
        "title",
        "slug",
        "date",
        "expires",
        "expiryDate",
        "id",
        "lastmod",
        "updated",
        "description",
        "status",
        "draft",
        "type",
        "locale",
        "noindex",
        "source",
        "sync_status",
        "structure_data",
        "blocks",
        "unverified",
        *_TEXT,
        *_LISTS,
    }
)


def from_file(
    name: str,
    text: str,
    *,
    locale: str,
    status: Status | None = None,
    source: Source | None = None,
    entity_type: EntityType | None = None,
    old: Content | None = None,
) -> NewContent:
    """Read one file. `name` is its path within the import, for the slug and for errors.

    What the caller gives wins over the file; the file over defaults; `old`, the item that the file
    is about, gives title and type where the file has none. Raises InvalidInput with the
    file and the key that does not fit.
    """
    path = PurePosixPath(name)
    if "\0" in text:
        raise InvalidInput("contains a zero byte: it is no text", file=name)
    if text.startswith("+++"):
        raise InvalidInput("its front matter is TOML", file=name, hint="write it as YAML")
    meta, body = frontmatter.split(text, file=name)
    stem = path.parent.name if path.stem in ("index", "_index") and path.parent.name else path.stem
    spelled = stem.replace("-", " ").replace("_", " ").capitalize()
    title = _text(meta, "title", name) or (old.title if old else spelled)
    usual = old.entity_type if old else EntityType.POST
    came_from = source or _member(Source, meta.get("source"), Source.CUSTOM, "source", name)
    drafted = Status.DRAFT if _flag(meta, "draft", name) else None
    return NewContent(
        id=_id(meta, name),
        title=title,
        body=body,
        slug=slugify(_text(meta, "slug", name) or stem, fallback="item"),
        entity_type=entity_type or _member(EntityType, meta.get("type"), usual, "type", name),
        status=status
        or drafted
        or _member(Status, meta.get("status"), Status.DRAFT, "status", name),
        locale=_locale(meta, name) or locale,
        body_format=SUFFIXES[path.suffix.lower()],
        meta_title=_text(meta, "meta_title", name),
        meta_description=_text(meta, "meta_description", name) or _text(meta, "description", name),
        keywords=_list(meta, "keywords", name),
        tags=_list(meta, "tags", name),
        categories=_list(meta, "categories", name),
        structure_data=_table(meta, "structure_data", name),
        json_blocks=_blocks(meta, name),
        source=came_from,
        sync_status=_member(
            SyncStatus,
            meta.get("sync_status"),
            SyncStatus.NATIVE if came_from is Source.IGNY8 else SyncStatus.IMPORTED,
            "sync_status",
            name,
        ),
        external_id=_text(meta, "external_id", name) or None,
        author=_text(meta, "author", name) or None,
        published_on=_date(meta, "date", name),
        updated_on=_date(meta, "updated", name) or _date(meta, "lastmod", name),
        expires_on=_date(meta, "expires", name) or _date(meta, "expiryDate", name),
        is_noindex=_flag(meta, "noindex", name),
        unverified=tuple(_tables(meta, "unverified", name) or ()),
        extra={key: value for key, value in meta.items() if key not in _KNOWN},
    )


def to_file(content: Content) -> str:
    """Write one item as `from_file` reads it."""
    meta: dict[str, Any] = {
        "id": content.id,
        "title": content.title,
        "slug": content.slug,
        "type": content.entity_type.value,
        "status": content.status.value,
        "locale": content.locale,
        "date": content.published_on.isoformat() if content.published_on else None,
        "updated": content.updated_at.date().isoformat(),
        "expires": content.expires_on.isoformat() if content.expires_on else None,
        "description": content.meta_description or None,
        "meta_title": content.meta_title or None,
        "keywords": list(content.keywords) or None,
        "tags": list(content.tags) or None,
        "categories": list(content.categories) or None,
        "author": content.author,
        "source": content.source.value,
        "sync_status": content.sync_status.value,
        "external_id": content.external_id,
        "noindex": content.is_noindex or None,
        "structure_data": content.structure_data or None,
        "blocks": content.json_blocks or None,
        "unverified": list(content.unverified) or None,
    }
    kept = {key: value for key, value in meta.items() if value is not None}
    return frontmatter.join({**kept, **content.extra}, content.body)


def _text(meta: Mapping[str, Any], key: str, name: str) -> str:
    value = meta.get(key)
    if value is None:
        return ""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise InvalidInput(f"`{key}` must be text", file=name)
    text = str(value).strip()
    if len(text) > _LONGEST.get(key, len(text)):
        raise InvalidInput(f"`{key}` is longer than {_LONGEST[key]} characters", file=name)
    if "\0" in text:
        raise InvalidInput(f"`{key}` holds a zero byte", file=name)
    return text


def _id(meta: Mapping[str, Any], name: str) -> str:
    text = _text(meta, "id", name)
    # Other generators have ids too; only ours name an item that links may lead to.
    return text if _ID.fullmatch(text) else ""


def _flag(meta: Mapping[str, Any], key: str, name: str) -> bool:
    value = meta.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise InvalidInput(f"`{key}` is `{value}`", file=name, hint="write true or false")


def _locale(meta: Mapping[str, Any], name: str) -> str:
    text = _text(meta, "locale", name)
    if text and not _LOCALE.fullmatch(text):
        raise InvalidInput(f"`locale` is `{text}`", file=name, hint="write it as en-GB")
    return text


def _list(meta: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = meta.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or any(isinstance(item, (dict, list)) for item in value):
        raise InvalidInput(f"`{key}` must be a list of texts", file=name)
    return tuple(text for item in value if (text := str(item).strip()))


def _table(meta: Mapping[str, Any], key: str, name: str) -> dict[str, Any] | None:
    value = meta.get(key)
    if value is not None and not isinstance(value, dict):
        raise InvalidInput(f"`{key}` must be a table of keys and values", file=name)
    return value


def _tables(meta: Mapping[str, Any], key: str, name: str) -> list[dict[str, Any]] | None:
    value = meta.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidInput(f"`{key}` must be a list of tables", file=name)
    return value


def _blocks(meta: Mapping[str, Any], name: str) -> list[Any] | None:
    blocks = _tables(meta, "blocks", name)
    for block in blocks or ():
        if not isinstance(block.get("type"), str) or not isinstance(block.get("data", {}), dict):
            raise InvalidInput("a block has a `type` and a table of `data`", file=name)
    return blocks


def _date(meta: Mapping[str, Any], key: str, name: str) -> date | None:
    value = meta.get(key)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise InvalidInput(
            f"`{key}` is `{value}`", file=name, hint="write it as 2026-11-23"
        ) from None


def _member(kind: Any, value: Any, default: Any, key: str, name: str) -> Any:
    if value is None:
        return default
    try:
        return kind(str(value).strip().lower())
    except ValueError:
        raise InvalidInput(
            f"`{key}` is `{value}`", file=name, hint=f"one of {', '.join(kind)}"
        ) from None
