"""Prompts, author profiles and strategies, through services and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from igny8 import accounts, thinker
from igny8.accounts import Role
from igny8.ai.function import AIFunction
from igny8.ai.prompts import shipped_prompt
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from igny8.jobs import events
from igny8.thinker import Author, Layer, Person, Strategy
from igny8.writer.types import EntityType

SHIPPED = """---
version: 1
max_output_tokens: 100
---
## system
Name things.
## user
Name {{ thing }}.
"""
OWN = SHIPPED.replace("Name things.", "Name things well.")


class Thing(BaseModel):
    thing: str


@pytest.fixture
def functions(tmp_path: Path) -> dict[str, AIFunction[Any, Any]]:
    file = tmp_path / "name.md"
    file.write_text(SHIPPED)
    name = "planner.name-thing"
    return {name: AIFunction(name, Thing, Thing, file, "ideas", offline=lambda thing: thing)}


@pytest.fixture
def site(ctx: Context) -> str:
    return accounts.add_site(ctx, "fernhill").slug


@pytest.fixture
def viewer(app: App, ctx: Context, site: str) -> Context:
    accounts.add_user(ctx, "vera@acme.example", Role.VIEWER)
    accounts.grant_access(ctx, "vera@acme.example", site)
    return app.context(Who(email="vera@acme.example"))


@pytest.fixture
def editor(app: App, ctx: Context, site: str) -> Context:
    accounts.add_user(ctx, "ed@acme.example", Role.EDITOR)
    accounts.grant_access(ctx, "ed@acme.example", site)
    return app.context(Who(email="ed@acme.example"))


@pytest.fixture
def stranger(app: App) -> Context:
    accounts.create_account(
        app.database,
        app.clock,
        slug="other",
        name="Other",
        owner_email="owner@other.example",
        monthly_credits=0,
    )
    return app.context(Who(account="other"))


NAME = "planner.name-thing"


def test_the_shipped_prompt_is_in_use_until_somebody_overrides_it(
    ctx: Context, functions: Any
) -> None:
    (used,) = thinker.prompts(ctx, functions)
    assert (used.layer, used.version, used.text) == (Layer.SHIPPED, "1", SHIPPED)
    assert used.hash == shipped_prompt(functions[NAME]).hash
    assert thinker.prompt_override(ctx.config, ctx.read, NAME, None) is None


def test_a_site_file_wins_over_the_workspace_and_that_over_the_account(
    ctx: Context, functions: Any, site: str
) -> None:
    def layer() -> Layer:
        override = thinker.prompt_override(ctx.config, ctx.read, NAME, site)
        used = thinker.prompt(ctx, functions, NAME, site=site)
        assert override is not None
        assert override.hash == used.hash
        return used.layer

    thinker.edit_prompt(ctx, functions, NAME, OWN)
    assert layer() is Layer.ACCOUNT
    workspace = ctx.config.root / "prompts" / f"{NAME}.md"
    workspace.parent.mkdir()
    workspace.write_text(SHIPPED + "Workspace.\n")
    assert layer() is Layer.WORKSPACE
    own = ctx.config.site_folder(site) / "prompts" / f"{NAME}.md"
    own.parent.mkdir()
    own.write_text(SHIPPED + "Site.\n")
    assert layer() is Layer.SITE
    assert thinker.prompt(ctx, functions, NAME).layer is Layer.WORKSPACE


def test_each_edit_is_a_version_and_a_reset_keeps_them(ctx: Context, functions: Any) -> None:
    assert thinker.edit_prompt(ctx, functions, NAME, OWN).version == "account.1"
    assert thinker.edit_prompt(ctx, functions, NAME, OWN + "Now.\n").version == "account.2"
    assert thinker.reset_prompt(ctx, functions, NAME)
    assert not thinker.reset_prompt(ctx, functions, NAME)
    assert thinker.prompt_override(ctx.config, ctx.read, NAME, None) is None
    assert thinker.prompt(ctx, functions, NAME, version=1).text == OWN
    assert thinker.edit_prompt(ctx, functions, NAME, OWN).version == "account.3"
    own = thinker.prompt_versions(ctx, functions, NAME)
    assert [(v.version, v.is_active) for v in own] == [(3, True), (2, False), (1, False)]


def test_the_same_text_again_is_no_new_version(ctx: Context, functions: Any) -> None:
    thinker.edit_prompt(ctx, functions, NAME, OWN)
    thinker.edit_prompt(ctx, functions, NAME, OWN)
    assert len(thinker.prompt_versions(ctx, functions, NAME)) == 1
    with ctx.read() as session:
        assert [e.event for e in events(session, subject=NAME)] == ["thinker.prompt-edited"]


def test_an_unknown_variable_is_refused_with_its_line(ctx: Context, functions: Any) -> None:
    with pytest.raises(InvalidInput, match="thng") as caught:
        thinker.edit_prompt(ctx, functions, NAME, SHIPPED.replace("{{ thing }}", "{{ thng }}"))
    assert caught.value.line == 8
    assert thinker.prompt_versions(ctx, functions, NAME) == []


def test_a_comparison_shows_the_changed_line_only(ctx: Context, functions: Any) -> None:
    used = thinker.edit_prompt(ctx, functions, NAME, OWN)
    diff = thinker.compare_prompt(functions, used)
    assert "+Name things well." in diff
    assert "-Name things." in diff
    assert thinker.compare_prompt(functions, replace(used, text=SHIPPED)) == []


def test_an_unknown_function_names_the_nearest(ctx: Context, functions: Any) -> None:
    with pytest.raises(NotFound) as caught:
        thinker.prompt(ctx, functions, "planner.name-things")
    assert NAME in (caught.value.hint or "")


def test_two_accounts_never_share_prompts_authors_or_strategies(
    ctx: Context, stranger: Context, functions: Any
) -> None:
    thinker.edit_prompt(ctx, functions, NAME, OWN)
    thinker.add_author(ctx, Author("ann", "Ann"))
    thinker.add_strategy(ctx, Strategy("guides", "post"))
    assert thinker.prompt(stranger, functions, NAME).layer is Layer.SHIPPED
    assert thinker.prompt_versions(stranger, functions, NAME) == []
    assert thinker.authors(stranger) == []
    assert thinker.strategies(stranger) == []
    assert thinker.edit_prompt(stranger, functions, NAME, OWN).version == "account.1"


def test_an_editor_reads_but_does_not_change_what_all_sites_share(
    editor: Context, viewer: Context, functions: Any, site: str
) -> None:
    for someone in (editor, viewer):
        assert thinker.prompts(someone, functions)
        for change in (
            lambda who: thinker.edit_prompt(who, functions, NAME, OWN),
            lambda who: thinker.reset_prompt(who, functions, NAME),
            lambda who: thinker.add_author(who, Author("ann", "Ann")),
            lambda who: thinker.edit_author(who, "ann", {"name": "Anne"}),
            lambda who: thinker.add_strategy(who, Strategy("guides", "post")),
        ):
            with pytest.raises(AccessDenied):
                change(someone)
    thinker.add_strategy(editor, Strategy("guides", "post", site=site))
    with pytest.raises(AccessDenied):
        thinker.add_strategy(viewer, Strategy("others", "post", site=site))


def test_an_author_is_kept_as_given_and_edited_field_by_field(ctx: Context) -> None:
    ann = Author(
        "ann",
        "Ann Hale",
        role="Workshop lead",
        credentials=("Cytech level 3",),
        links=("https://fernhill.example/ann",),
        person=Person.WE,
        sentence_words=14,
        banned=("solutions",),
    )
    thinker.add_author(ctx, ann)
    assert thinker.author(ctx, "ann") == ann
    changed, is_changed = thinker.edit_author(ctx, "ann", {"banned": ("leverage",)})
    assert is_changed
    assert thinker.author(ctx, "ann") == changed == replace(ann, banned=("leverage",))
    assert thinker.edit_author(ctx, "ann", {"banned": ("leverage",)}) == (changed, False)
    with pytest.raises(Conflict):
        thinker.add_author(ctx, ann)


@pytest.mark.parametrize(
    "wrong",
    [
        Author("Ann Hale", "Ann"),
        Author("ann", " "),
        Author("ann", "Ann", links=("javascript:alert(1)",)),
        Author("ann", "Ann", samples=("a",) * 6),
        Author("ann", "Ann", sentence_words=200),
    ],
)
def test_an_unfit_author_is_refused(ctx: Context, wrong: Author) -> None:
    with pytest.raises(InvalidInput):
        thinker.add_author(ctx, wrong)
    assert thinker.authors(ctx) == []


def test_the_most_specific_strategy_applies(ctx: Context, site: str) -> None:
    sector = accounts.add_sector(ctx, site, "repairs", "Repairs")
    site_id = accounts.sites(ctx)[0].id
    for new in (
        Strategy("everywhere", "post", words=500),
        Strategy("here", "post", site=site),
        Strategy("repair-posts", "post", site=site, sector="repairs", required_sections=("Price",)),
    ):
        thinker.add_strategy(ctx, new)
    with ctx.read() as session:
        found = thinker.strategy_for(session, site_id, "post", sector.id)
        assert found is not None
        assert (found.slug, found.required_sections) == ("repair-posts", ("Price",))
        assert thinker.strategy_for(session, site_id, "post").slug == "here"  # type: ignore[union-attr]
        assert thinker.strategy_for(session, "site_x", "post").slug == "everywhere"  # type: ignore[union-attr]
        assert thinker.strategy_for(session, site_id, "product") is None
    listed = {s.slug: (s.site, s.sector) for s in thinker.strategies(ctx)}
    assert listed == {
        "everywhere": (None, None),
        "here": (site, None),
        "repair-posts": (site, "repairs"),
    }


def test_the_voice_of_a_piece_is_the_strategys_author_or_the_only_one(
    ctx: Context, site: str
) -> None:
    site_id = accounts.sites(ctx)[0].id
    nobody = {"author": "", "style": "", "strategy": ""}
    assert thinker.voice(ctx, site_id, "post") == nobody
    thinker.add_author(ctx, Author("ann", "Ann Hale", tone="plain", banned=("synergy",)))
    only = thinker.voice(ctx, site_id, "post")
    assert only["author"] == "Ann Hale"
    assert "Never write: synergy." in only["style"]
    thinker.add_author(ctx, Author("bob", "Bob", person=Person.I))
    assert thinker.voice(ctx, site_id, "post") == nobody
    sections = ("Price",)
    thinker.add_strategy(
        ctx, Strategy("guides", "post", author="bob", required_sections=sections, words=700)
    )
    chosen = thinker.voice(ctx, site_id, "post")
    assert (chosen["author"], chosen["style"]) == ("Bob", "Write as I.")
    assert chosen["strategy"] == "Required sections: Price.\nAbout 700 words."
    assert thinker.voice(ctx, site_id, "page") == nobody
    with pytest.raises(NotFound):
        thinker.add_strategy(ctx, Strategy("others", "post", author="bobb"))


def test_a_strategy_of_an_unknown_kind_site_or_sector_is_refused(ctx: Context, site: str) -> None:
    for wrong, error in (
        (Strategy("x", "article"), InvalidInput),
        (Strategy("x", "post", site="fernhil"), NotFound),
        (Strategy("x", "post", site=site, sector="repairs"), NotFound),
        (Strategy("x", "post", sector="repairs"), InvalidInput),
    ):
        with pytest.raises(error):
            thinker.add_strategy(ctx, wrong)


def test_a_strategy_of_a_site_one_may_not_see_is_not_listed(
    ctx: Context, editor: Context, site: str
) -> None:
    accounts.add_site(ctx, "hidden")
    thinker.add_strategy(ctx, Strategy("secret", "post", site="hidden"))
    assert thinker.strategies(editor) == []
    assert [s.slug for s in thinker.strategies(ctx)] == ["secret"]


def test_entity_types_are_those_of_the_writer() -> None:
    assert tuple(EntityType) == thinker.ENTITY_TYPES


def test_prompts_are_shown_edited_compared_and_reset_on_the_command_line(
    igny8: Callable[..., Any], tmp_path: Path
) -> None:
    name = "planner.generate-ideas"
    shown = igny8("thinker", "prompt-show", name)
    assert shown.status == 0
    assert "## system" in shown.out
    file = tmp_path / "ideas.md"
    file.write_text(shown.out.replace("## user\n", "## user\nBe brief.\n"))
    edited = igny8("thinker", "prompt-edit", name, "--from", file)
    assert (edited.status, edited.out) == (0, f"{name} is run with account override 1 now\n")
    assert "+Be brief." in igny8("thinker", "prompt-show", name, "--diff").out
    assert '"layer": "account"' in igny8("thinker", "prompts", "--json").out
    assert "owner@acme.example  active" in igny8("thinker", "prompt-show", name, "--versions").out
    assert igny8("thinker", "prompt-reset", name).status == 0
    assert igny8("thinker", "prompt-show", name, "--diff").out == "the same as shipped\n"


def test_wrong_prompt_files_are_explained(igny8: Callable[..., Any], tmp_path: Path) -> None:
    name = "planner.generate-ideas"
    binary = tmp_path / "b.md"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    empty = tmp_path / "e.md"
    empty.write_text("")
    for file in (binary, empty, tmp_path / "missing.md", tmp_path):
        ran = igny8("thinker", "prompt-edit", name, "--from", file)
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("error: ")
    ran = igny8("thinker", "prompt-edit", name)
    assert (ran.status, "--from" in ran.err) == (2, True)
    ran = igny8("thinker", "prompt-show", "planner.generate-idea")
    assert (ran.status, f"did you mean `{name}`?" in ran.err) == (1, True)


def test_authors_and_strategies_are_made_on_the_command_line(
    igny8: Callable[..., Any], tmp_path: Path
) -> None:
    sample = tmp_path / "sample.txt"
    sample.write_text("We true wheels by hand.\n")
    words = ("--name", "Ann Hale", "--person", "we", "--banned", "synergy", "--sample", sample)
    assert igny8("thinker", "author-add", "ann", *words).status == 0
    assert igny8("thinker", "author-edit", "ann", "--tone", "plain").status == 0
    assert igny8("thinker", "author-edit", "ann").status == 2
    assert igny8("thinker", "author-edit", "an", "--tone", "x").status == 1
    listed = igny8("thinker", "authors", "--json").out
    assert '"tone": "plain"' in listed
    assert "We true wheels by hand." in listed
    igny8("thinker", "author-edit", "ann", "--banned", "")
    assert '"banned": []' in igny8("thinker", "authors", "--json").out
    made = igny8("thinker", "strategy-add", "guides", "--section", "Price", "--words", 900)
    assert made.status == 0
    assert igny8("thinker", "strategies", "--format", "ids").out == "guides\n"
