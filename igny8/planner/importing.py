"""Importing keywords: an export's rows → one keyword each, added or brought up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from igny8 import accounts
from igny8.accounts import Need, Site
from igny8.context import Context
from igny8.db import Session
from igny8.jobs import record
from igny8.planner import exports, intent, store
from igny8.planner.exports import KeywordRow
from igny8.planner.generation import business_of
from igny8.planner.ideation import Business
from igny8.planner.intent import Intent
from igny8.planner.normalise import normalise, variant_key
from igny8.planner.services import sector_id_of
from igny8.planner.types import Facts, ImportReport, KeywordStatus
from igny8.text import words

_CHUNK = 5_000  # keywords in one transaction: a kill leaves whole chunks
_SHOWN = 20
_EVIDENCE = {"impressions": 0, "bucket": 1, "exact": 2}
_FROM_FILE = "from "


def import_keywords(
    ctx: Context, site_slug: str, path: Path, *, sector: str | None = None, dry_run: bool = False
) -> ImportReport:
    """Import a keyword tool's export into a site, a chunk of rows at a time.

    A keyword that is there already keeps its text and gains what was unknown; of two volumes an
    exact one beats a bucket, a bucket beats impressions, then the larger one stays. The same file
    again changes nothing. Raises NotFound, and InvalidInput for a file that can't be read or
    holds no usable row.
    """
    site = accounts.site(ctx, site_slug, Need.WRITE)
    sector_id = sector_id_of(ctx, site, sector) if sector is not None else None
    export = exports.open_export(path)
    with nullcontext() if dry_run else ctx.lock(f"site {site.slug}", f"planner import {path.name}"):
        run = _Import(ctx, site, sector_id, dry_run=dry_run)
        rows = export.rows()
        while chunk := list(islice(rows, _CHUNK)):
            run.take(chunk)
            ctx.report.note(f"{path.name}: {export.report.rows_read:,} rows read")
    report = export.report
    return ImportReport(
        file=path.name,
        format=export.format,
        rows=report.rows_read,
        added=run.added,
        updated=run.updated,
        unchanged=run.unchanged,
        repeated=run.repeated,
        dropped=tuple(report.dropped[:_SHOWN]),
        dropped_count=report.dropped_count,
        unread=tuple(report.unread[:_SHOWN]),
        unread_count=report.unread_count,
        ignored_columns=report.ignored_columns,
    )


def joined(known: Facts, new: Facts) -> Facts:
    """What is known of a keyword from two places. Joining the same again changes nothing."""
    volume, kind = max(
        (known.volume, known.volume_kind), (new.volume, new.volume_kind), key=_weight
    )
    # What a tool says of intent beats our rules; of two tools the first one stays.
    is_told = _is_told(new) and not _is_told(known)
    return Facts(
        volume=volume,
        volume_kind=kind,
        difficulty=known.difficulty if known.difficulty is not None else new.difficulty,
        cpc=known.cpc if known.cpc is not None else new.cpc,
        intents=new.intents if is_told else known.intents,
        intent_cue=new.intent_cue if is_told else known.intent_cue,
        sector_id=known.sector_id or new.sector_id,
    )


class _Import:
    """One run over one file: what it counted."""

    def __init__(self, ctx: Context, site: Site, sector_id: str | None, *, dry_run: bool) -> None:
        self.added = self.updated = self.unchanged = self.repeated = 0
        self._ctx = ctx
        self._site = site
        self._sector_id = sector_id
        self._dry_run = dry_run
        self._would: dict[str, Facts] = {}  # what a dry run would have written so far
        business = business_of(ctx, site)
        self._language = business.locale
        self._places = business.places
        self._brands = _brands(ctx, site, business)

    def take(self, chunk: Sequence[KeywordRow]) -> None:
        """Add and update the keywords of some rows, in one transaction with its event."""
        found: dict[str, tuple[KeywordRow, Facts]] = {}
        for row in chunk:
            key = normalise(row.text)
            if key in found:
                self.repeated += 1
                first, facts = found[key]
                found[key] = (first, joined(facts, self._facts(row)))
            else:
                found[key] = (row, self._facts(row))
        if self._dry_run:
            with self._ctx.read() as session:
                self._sorted_out(session, found)
            return
        with self._ctx.write() as session:
            new, changed = self._sorted_out(session, found)
            store.add_keywords(session, self._site.id, new)
            store.set_keywords(session, changed)
            if new or changed:
                record(
                    session,
                    "planner.keywords-imported",
                    subject=self._site.id,
                    actor=self._ctx.actor.email,
                    run_id=self._ctx.run_id,
                    at=self._ctx.clock.now(),
                    site_id=self._site.id,
                    added=len(new),
                    updated=len(changed),
                )

    def _sorted_out(
        self, session: Session, found: Mapping[str, tuple[KeywordRow, Facts]]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Part keywords into rows to insert and rows to change; the rest is as it was."""
        stored = store.facts(session, self._site.id, found)
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for key, (row, facts) in found.items():
            known_id, known = stored.get(key, ("", self._would.get(key)))
            if known is None:
                self.added += 1
                told = intent.classify(row.text, self._brands, self._places)
                known = facts
                if not facts.intents:
                    known = replace(facts, intents=told.kinds, intent_cue=told.cue)
                new.append(self._row(key, row, known, told))
            else:
                known = self._would.get(key, known)
                together = joined(known, facts)
                if together == known:
                    self.unchanged += 1
                    continue
                self.updated += 1
                known = together
                changed.append({"id": known_id, **_columns(known)})
            if self._dry_run:
                self._would[key] = known
        return new, changed

    def _facts(self, row: KeywordRow) -> Facts:
        return Facts(
            volume=row.volume,
            volume_kind=row.volume_kind,
            difficulty=row.difficulty,
            cpc=row.cpc,
            intents=row.intents,
            intent_cue=f"{_FROM_FILE}{row.source}" if row.intents else None,
            sector_id=self._sector_id,
        )

    def _row(self, key: str, row: KeywordRow, facts: Facts, told: Intent) -> dict[str, Any]:
        return {
            "text": row.text,
            "normalised": key,
            "variant": variant_key(row.text, self._language),
            "is_branded": told.is_branded,
            "is_local": told.is_local,
            "source": row.source,
            "status": KeywordStatus.NEW,
            "cluster_id": None,
            "confidence": None,
            "reason": None,
            "is_locked": False,
            "created_at": self._ctx.clock.now(),
            **_columns(facts),
        }


def _columns(facts: Facts) -> dict[str, Any]:
    # Spelled out: `asdict` copies deeply, which took a fifth of a large import.
    return {
        "volume": facts.volume,
        "volume_kind": facts.volume_kind,
        "difficulty": facts.difficulty,
        "cpc": facts.cpc,
        "intents": list(facts.intents),
        "intent_cue": facts.intent_cue,
        "sector_id": facts.sector_id,
    }


def _weight(volume: tuple[int | None, str]) -> tuple[int, int]:
    number, kind = volume
    return (-1, 0) if number is None else (_EVIDENCE[kind], number)


def _is_told(facts: Facts) -> bool:
    return bool(facts.intents) and (facts.intent_cue or "").startswith(_FROM_FILE)


def _brands(ctx: Context, site: Site, business: Business) -> tuple[str, ...]:
    """What people call the business: its names, and words of its name that are proper nouns."""
    identity = ctx.config.site(site.slug).identity
    host = identity.base_url.partition("//")[2].split("/")[0].removeprefix("www.")
    places = {token for place in business.places for token in words.tokens(place)}
    nouns = [
        token
        for token in words.tokens(identity.name)
        if token in business.spellings and token not in places
    ]
    names = (identity.name, identity.business.legal_name, host.split(".")[0], *nouns)
    return tuple(dict.fromkeys(name for name in names if name))
