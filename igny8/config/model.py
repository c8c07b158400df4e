"""The schema of `igny8.toml` and `site.toml`: every key, its default and what it means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

HexColour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Section(BaseModel):
    """A table of settings. Unknown keys are errors: a misspelt key must not pass silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkspaceSettings(Section):
    """Which account commands act for."""

    account: str | None = Field(None, description="account used when --account is not given")


class StoreSettings(Section):
    """Where the store is."""

    url: str = Field(
        "sqlite:///.igny8/store.db",
        description="database URL; a relative SQLite path counts from the workspace; "
        "a Postgres URL may be a reference such as env:IGNY8_STORE",
    )


class AISettings(Section):
    """Which provider answers AI functions."""

    provider: str = Field("embedded", description="embedded, openai, or a plugin's name")
    base_url: str | None = Field(None, description="an OpenAI-compatible endpoint")
    model: str | None = Field(None, description="model name, as the endpoint spells it")
    api_key: str | None = Field(None, description="a reference: env:NAME, file:PATH, keyring:NAME")
    timeout: float = Field(120.0, gt=0, description="seconds to wait for one reply")


class CreditSettings(Section):
    """What work costs."""

    monthly: int = Field(20_000, ge=0, description="credits of the plan that `init` makes")
    costs: dict[str, int] = Field(
        default_factory=dict, description="credits by cost key, over the default table"
    )
    rates: dict[str, int] = Field(
        default_factory=dict, description="multiplier by provider; 1 where not given"
    )


class AccessSettings(Section):
    """Who may act."""

    require_token: bool = Field(False, description="refuse --as; only a user token names the actor")


class PlannerSettings(Section):
    """How keywords become clusters and ideas."""

    granularity: Literal["fine", "page", "topic"] = Field("page", description="size of a cluster")
    min_cluster_size: int = Field(2, ge=1, description="smaller groups stay unclustered")


class WriterSettings(Section):
    """How drafts are made and approved."""

    approval: Literal["required", "auto"] = Field(
        "required", description="auto approves drafts in which every fact is verified"
    )
    max_drafts: int = Field(0, ge=0, description="drafts a run writes at most; 0 is all")


class LinkerSettings(Section):
    """How many links may be added."""

    words_per_link: int = Field(150, ge=1, description="one added link for so many words")
    max_per_page: int = Field(12, ge=0, description="added links on a page, at most")
    max_incoming: int = Field(8, ge=0, description="links a page receives in one run, at most")
    minimum_score: float = Field(
        0.5, ge=0, le=2, description="a candidate that scores lower is not relevant enough"
    )


class OptimizerSettings(Section):
    """What optimization may do by itself."""

    accept: Literal["manual", "auto"] = Field(
        "manual", description="auto accepts a rewrite that loses nothing and scores higher"
    )


class BuildSettings(Section):
    """What a build takes in."""

    statuses: tuple[str, ...] = Field(
        ("approved", "published"), description="content statuses that are built"
    )


class FilesSettings(Section):
    """How much a site may keep in its `files/` folder."""

    quota_mb: int = Field(1000, ge=1, description="all files of a site, in 1,000,000 bytes")
    max_mb: int = Field(50, ge=1, le=1000, description="one file, in 1,000,000 bytes")


class CheckSettings(Section):
    """What `igny8 check` demands of a built site."""

    fail_on: Literal["error", "warning", "notice", "never"] = Field(
        "error", description="the least severe finding that makes the check fail"
    )
    ignore: tuple[str, ...] = Field((), description="rules or families that are left out")
    page_kb: int = Field(60, ge=1, description="HTML, CSS and scripts of a page, in 1000 bytes")
    image_kb: int = Field(300, ge=1, description="one image, in 1000 bytes")
    images_kb: int = Field(1500, ge=1, description="all images of a page, in 1000 bytes")


class Settings(Section):
    """All that may stand in `igny8.toml`."""

    # Named `schema` in the file; pydantic keeps that name for itself.
    schema_version: int = Field(1, alias="schema", description="version of this file's form")
    workspace: WorkspaceSettings = WorkspaceSettings()
    store: StoreSettings = StoreSettings()
    ai: AISettings = AISettings()
    credits: CreditSettings = CreditSettings()
    access: AccessSettings = AccessSettings()
    planner: PlannerSettings = PlannerSettings()
    writer: WriterSettings = WriterSettings()
    linker: LinkerSettings = LinkerSettings()
    optimizer: OptimizerSettings = OptimizerSettings()
    build: BuildSettings = BuildSettings()
    check: CheckSettings = CheckSettings()
    files: FilesSettings = FilesSettings()


# A site may set these for itself; the others belong to the workspace.
SITE_SECTIONS = ("planner", "writer", "linker", "optimizer", "build", "check", "files")


class ThemeSettings(Section):
    """How the site looks within its layout."""

    brand: HexColour = Field("#2457a6", description="the one colour all others are made from")
    preset: str = Field("plain", description="style preset")
    fonts: str = Field("layout", description="pair of fonts")


class BusinessSettings(Section):
    """Who stands behind the site: shown in the footer, on contact pages and in JSON-LD."""

    legal_name: str = ""
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    opening_hours: tuple[str, ...] = ()
    founded: str = ""
    social: tuple[str, ...] = ()


class NewsletterSettings(Section):
    """Where the form of the newsletter block goes."""

    url: str = Field(
        "",
        pattern=r"^(https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s]*)?)?$",
        description="https address that the form posts to; the site's policy allows its origin",
    )
    field: str = Field(
        "email", pattern=r"^[A-Za-z0-9_.\[\]-]+$", description="name of the field for the address"
    )


class SiteIdentity(Section):
    """What `site.toml` says of the site itself."""

    name: str
    base_url: str = Field("https://example.com", pattern=r"^https?://[^\s/]+(/[^\s]*)?$")
    locale: str = Field("en-GB", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    tagline: str = ""
    layout: str = "default"
    taxonomies: tuple[str, ...] = Field(
        ("tags", "categories"), description="front matter keys whose terms get pages"
    )
    taxonomy_least: int = Field(3, ge=1, description="pages that share a term before it gets one")
    social_cards: bool = Field(
        False, description="draw a picture of each page's title for links to it elsewhere"
    )
    redirect_formats: tuple[Literal["netlify", "nginx", "apache", "vercel"], ...] = Field(
        ("netlify",),
        description="redirects are written as `_redirects` (Netlify, Cloudflare), `_redirects.map` "
        "(nginx), `.htaccess` (Apache), `vercel.json`",
    )
    robots_ai: Literal["allow", "no-training", "none"] = Field(
        "allow",
        description="what robots.txt says to AI crawlers: all may read; those that gather text for "
        "training may not, those that search and answer may; none may",
    )
    section_feeds: bool = Field(
        True, description="write feeds of each section and term that lists dated posts"
    )
    sitemap_images: Literal["none", "lead", "all"] = Field(
        "lead",
        description="pictures that the sitemap names: none, each page's own, those in bodies too "
        "(which every build then reads)",
    )
    markdown_pages: bool = Field(
        False, description="write each page as Markdown beside it (`index.html.md`)"
    )
    llms_full: bool = Field(
        False, description="write all pages as Markdown in one `llms-full.txt`; slow on large sites"
    )
    theme: ThemeSettings = ThemeSettings()
    business: BusinessSettings = BusinessSettings()
    newsletter: NewsletterSettings = NewsletterSettings()
