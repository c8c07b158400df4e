"""Use cases of the wizard: keep answers, show what they would make, make it. It asks nobody.

What it makes it makes by the services of the single commands, each of which can run again: an
interrupted wizard is finished by the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from igny8 import accounts, system, writer
from igny8.accounts import Need, Site, SiteType
from igny8.config.model import SiteIdentity
from igny8.context import Context
from igny8.core.errors import Conflict, InvalidInput
from igny8.core.outcome import Problem
from igny8.safety.paths import write_atomically
from igny8.sitebuilder import questions
from igny8.sitebuilder.questions import QUESTIONS, Answer, Answers
from igny8.sitebuilder.services import apply, known_facts
from igny8.sitebuilder.snapshot import snapshot
from igny8.sitebuilder.starters import Started, Starter, started
from igny8.sitebuilder.starting import Begun, start, starter_named, usual_starter
from igny8.sitebuilder.structure import Known, Written
from igny8.sitebuilder.types import Snapshot
from igny8.writer import Head

# A preview shows what kind of site it will be; thousands of pages would only keep one waiting.
_SHOWN = 6
_SAMPLES = 3
_SOURCES = ("knowledge", "articles", "keywords")


@dataclass(frozen=True, slots=True)
class Planned:
    """What the answers would make: the site's facts, its starter and its pages."""

    identity: SiteIdentity
    starter: Starter
    made: Started
    site: Site | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What a wizard did. `version` is that of the blueprint which builds use now."""

    site: str
    is_new: bool
    begun: Begun
    version: int
    imported_count: int = 0
    keyword_count: int = 0
    knowledge: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()


def kept_answers(ctx: Context, site_slug: str) -> dict[str, Answer]:
    """The answers of a wizard that was left before its end."""
    path = _path(ctx, site_slug)
    return questions.read_answers(path.read_text("utf-8"), file=str(path)) if path.exists() else {}


def keep_answers(ctx: Context, site_slug: str, answers: Answers) -> None:
    """Keep answers for the next time; without any, forget those that were kept."""
    path = _path(ctx, site_slug)
    if answers:
        write_atomically(path, questions.write_answers(answers).encode())
    else:
        path.unlink(missing_ok=True)


def usual_answers(ctx: Context, site_slug: str, answers: Answers) -> dict[str, Answer]:
    """What holds where nothing is answered: what the site says, else what its starter does."""
    site = _site(ctx, site_slug)
    found: dict[str, Answer] = {"name": site_slug.replace("-", " ").title()}
    if site is not None:
        identity = ctx.config.site(site_slug).identity
        for question in QUESTIONS:
            value: object = identity
            for part in question.setting.split(".") if question.setting else ():
                value = getattr(value, part)
            if isinstance(value, str | tuple):
                found[question.key] = value
    else:
        usual = SiteIdentity(name="")
        found |= {"base_url": usual.base_url, "locale": usual.locale}
        theme = usual.theme
        found |= {"brand": theme.brand, "preset": theme.preset, "fonts": theme.fonts}
    kind = site.site_type if site else SiteType.MARKETING
    named = answers.get("starter")
    starter = _starter(ctx, site_slug, named, kind)
    found["starter"] = starter.name
    if site is None:
        found["layout"] = starter.layout
    return found


def planned(ctx: Context, site_slug: str, answers: Answers) -> Planned:
    """Return what the answers would make; nothing is written. Raises InvalidInput, NotFound."""
    site = _site(ctx, site_slug)
    whole = usual_answers(ctx, site_slug, answers) | dict(answers)
    for key in _SOURCES:
        _source(answers, key)
    identity = questions.identity(whole)
    kind = site.site_type if site else SiteType.MARKETING
    starter = _starter(ctx, site_slug, whole["starter"], kind)
    items: list[Written] = []
    known = Known()
    if site is not None:
        with ctx.read() as session:
            found = writer.all_contents(session, site.id)
        items = [Written(item.slug, item.title, item.entity_type) for item in found]
        known = known_facts(ctx, site)
    made = started(
        starter,
        name=identity.name,
        tagline=identity.tagline,
        items=items,
        known=known,
        without=tuple(whole.get("without", ())),
    )
    return Planned(identity, starter, made, site)


def preview_of(ctx: Context, site_slug: str, plan: Planned) -> Snapshot:
    """The planned site as a build would take it in, with a few items of each kind.

    A section that has none yet shows samples, which say that they are: nothing else is made up.
    """
    items: list[Head] = []
    if plan.site is not None:
        config = ctx.config.site(site_slug)
        found = writer.heads(ctx.rows, plan.site.id, config.settings.build.statuses)
        counts: dict[str, int] = {}
        for item in found:
            counts[item.entity_type] = counts.get(item.entity_type, 0) + 1
            if item.entity_type in ("page", "taxonomy") or counts[item.entity_type] <= _SHOWN:
                items.append(item)

    tree = plan.made.blueprint
    kinds = {item.entity_type for item in items}
    for page in tree.walk():
        if page.collect and page.collect not in kinds:
            items += _samples(page.collect)

    def bodies(keys: Sequence[str]) -> dict[str, str]:
        return writer.html(ctx.rows, keys)

    return snapshot(site_slug, plan.identity, tree, 0, items, {}, bodies)


def finish(ctx: Context, site_slug: str, answers: Answers, *, again: bool = False) -> Finished:
    """Make the site that the answers describe, or bring it up to them, and apply its blueprint.

    A blueprint that is there stays unless `again`. Raises InvalidInput before anything is written.
    """
    plan = planned(ctx, site_slug, answers)
    sources = {key: _source(answers, key) for key in _SOURCES}
    is_new = plan.site is None
    if is_new:
        kinds = [SiteType(kind) for kind in plan.starter.site_types if kind in set(SiteType)]
        whole = usual_answers(ctx, site_slug, answers) | dict(answers)
        accounts.add_site(
            ctx,
            site_slug,
            site_type=kinds[0] if kinds else SiteType.MARKETING,
            identity=questions.settings(whole),
        )
    else:
        _change(ctx, site_slug, answers)
    problems: list[Problem] = []
    site = accounts.site(ctx, site_slug, Need.WRITE)
    knowledge = _copied(ctx, site, sources["knowledge"], problems)
    imported = _imported(ctx, site, sources["articles"], problems)
    keywords = _keywords(ctx, site, sources["keywords"])
    begun = start(
        ctx, site_slug, plan.starter.name, without=tuple(answers.get("without", ())), again=again
    )
    version, _ = apply(ctx, site_slug)
    keep_answers(ctx, site_slug, {})
    return Finished(
        site_slug,
        is_new,
        begun,
        version.version,
        imported,
        keywords,
        tuple(knowledge),
        tuple(problems),
    )


def _samples(kind: str) -> list[Head]:
    article = "article" if kind == "post" else kind
    return [
        Head(
            id=f"sample-{kind}-{number}",
            slug=f"{article}-{number}",
            title=f"Sample {article} {number}",
            entity_type=kind,
            locale="en",
            parent_id="",
            meta_title="",
            meta_description=f"What a {article} of yours is about, in a sentence or two.",
            tags=(),
            categories=(),
            structure_data={},
            json_blocks=[],
            extra={},
            author=None,
            cluster_id=None,
            published_on=None,
            expires_on=None,
            is_noindex=False,
            word_count=0,
            updated_on=date.min,
            rendered_id="",
            links=(),
            digest="",
        )
        for number in range(1, _SAMPLES + 1)
    ]


def _path(ctx: Context, site_slug: str) -> Path:
    return ctx.config.state / "wizard" / ctx.account.slug / f"{site_slug}.yaml"


def _site(ctx: Context, slug: str) -> Site | None:
    known = {site.slug for site in accounts.sites(ctx)}
    return accounts.site(ctx, slug, Need.WRITE) if slug in known else None


def _starter(ctx: Context, site_slug: str, named: Answer | None, kind: str) -> Starter:
    if named:
        return starter_named(ctx.config, site_slug, str(named))
    return usual_starter(ctx.config, site_slug, kind)


def _change(ctx: Context, site_slug: str, answers: Answers) -> None:
    now = usual_answers(ctx, site_slug, answers)
    changed = {
        question.setting: answers[question.key]
        for question in QUESTIONS
        if question.setting and question.key in answers
        if answers[question.key] != now.get(question.key)
    }
    texts = {key: value for key, value in changed.items() if isinstance(value, str)}
    if texts:
        accounts.set_site_texts(ctx, site_slug, texts)
    for key, value in changed.items():
        if isinstance(value, tuple):
            accounts.set_site(ctx, site_slug, key, ",".join(value))


def _source(answers: Answers, key: str) -> Path | None:
    said = answers.get(key)
    if not said:
        return None
    path = Path(str(said)).expanduser()
    if not path.exists():
        raise InvalidInput(f"--{key}: {path} does not exist", hint="name a file or folder")
    return path


def _copied(ctx: Context, site: Site, source: Path | None, problems: list[Problem]) -> list[Path]:
    """Copy knowledge files into the site's folder; one that is there and differs stays."""
    if source is None:
        return []
    folder = ctx.config.site_folder(site.slug) / "knowledge"
    files = [source] if source.is_file() else sorted(source.rglob("*.md"))
    files = [file for file in files if file.suffix == ".md" and not file.is_symlink()]
    if not files:
        raise InvalidInput(f"--knowledge: {source} holds no Markdown file", hint="name *.md files")
    copied = []
    for file in files:
        name = file.name if source.is_file() else file.relative_to(source).as_posix()
        target = folder / name
        data = file.read_bytes()
        if not target.exists():
            write_atomically(target, data)
            copied.append(target)
        elif target.read_bytes() != data:
            said = Conflict(f"{target} is there and says something else", hint="compare the two")
            problems.append(Problem.of(name, said))
    return copied


def _imported(ctx: Context, site: Site, source: Path | None, problems: list[Problem]) -> int:
    if source is None:
        return 0
    outcome = writer.import_files(ctx, site.slug, source)
    problems += outcome.problems
    return len(outcome.done)


def _keywords(ctx: Context, site: Site, source: Path | None) -> int:
    if source is None:
        return 0
    system.require_module(ctx, "planner")
    from igny8 import planner

    report = planner.import_keywords(ctx, site.slug, source)
    return report.added + report.updated
