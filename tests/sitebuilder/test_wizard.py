"""The wizard: one table of questions, answered by options, by a file, or on a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, billing, renderer, sitebuilder, writer
from igny8.accounts import Role
from igny8.app import App, Who
from igny8.config.model import SiteIdentity
from igny8.context import Context
from igny8.core.errors import AccessDenied, InvalidInput, NotFound
from igny8.renderer.catalogue import layouts, looks
from igny8.renderer.previews import preview_layouts
from igny8.sitebuilder.questions import (
    BY_KEY,
    QUESTIONS,
    Answer,
    checked,
    identity,
    read_answers,
    settings,
    spoken,
    write_answers,
)

FILE = """business:
  name: Lane Books
  tagline: A bookshop in Leeds
  phone: 0113 496 0000
  opening_hours: ['Mo-Fr 09:00-17:00', 'Sa 10:00-12:00']
goals: {starter: shop}
structure: {without: [/help/returns]}
look: {layout: magazine, brand: '#654321', preset: soft}
"""
OPTIONS = (
    "--name", "Lane Books", "--tagline", "A bookshop in Leeds", "--phone", "0113 496 0000",
    "--opening-hours", "Mo-Fr 09:00-17:00", "--opening-hours", "Sa 10:00-12:00",
    "--starter", "shop", "--without", "help/returns/",
    "--layout", "magazine", "--brand", "#654321", "--preset", "soft",
)  # fmt: skip


def test_every_setting_that_is_asked_for_is_one_of_site_toml() -> None:
    assert len(BY_KEY) == len(QUESTIONS)
    for question in QUESTIONS:
        if question.setting:
            value: object = SiteIdentity(name="x")
            for part in question.setting.split("."):
                value = getattr(value, part)
            assert isinstance(value, tuple) is question.is_list


def test_answers_come_back_from_their_file_as_they_were() -> None:
    answers = read_answers(FILE, file="a.yaml")
    assert answers["opening_hours"] == ("Mo-Fr 09:00-17:00", "Sa 10:00-12:00")
    assert answers["phone"] == "0113 496 0000"
    assert read_answers(write_answers(answers), file="a.yaml") == answers
    assert read_answers("", file="a.yaml") == {} == read_answers(write_answers({}), file="a.yaml")
    assert settings(answers)["theme"] == {"preset": "soft", "brand": "#654321"}
    assert identity(answers).business.phone == "0113 496 0000"


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("- x", "a.yaml:1: answers are a mapping", None),
        ("look: {}\ngoal: {}", "a.yaml:2: there is no step `goal`", "did you mean `goals`?"),
        ("look:\n  layot: x", "a.yaml:2: `look` asks for no `layot`", "did you mean `layout`?"),
        ("look: x", "a.yaml:1: `look` is a mapping", None),
        ("look: {layout: [x]}", "a.yaml:1: `layout` is a text", None),
        ("look: {layout: true}", "a.yaml:1: `layout` is a text", None),
        ("structure:\n  without: [{a: b}]", "a.yaml:2: `without` is a list of texts", None),
    ],
)
def test_a_slip_in_a_file_of_answers_is_named_with_its_line(
    text: str, said: str, hint: str | None
) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_answers(text, file="a.yaml")
    assert str(caught.value).startswith(said)
    assert caught.value.hint == hint or hint is None


def test_an_answer_that_does_not_fit_is_refused_with_what_would() -> None:
    choices = {"layout": ("magazine", "minimal")}
    slips: list[tuple[str, Answer, str]] = [
        ("layout", "magzine", "did you mean `magazine`?"),
        ("brand", "red", "write it as #1f6f54"),
        ("base_url", "ftp://x", "write it as https://fernhill.example"),
        ("locale", "english", "write it as en-GB or de"),
        ("without", ("/A b/",), "write it as /advice/"),
    ]
    for key, answer, hint in slips:
        with pytest.raises(InvalidInput) as caught:
            checked(BY_KEY[key], answer, choices.get(key, ()))
        assert (caught.value.hint, BY_KEY[key].option in caught.value.message) == (hint, True)
    assert checked(BY_KEY["without"], ("advice", "/a/b")) == ("/advice/", "/a/b/")
    assert spoken(BY_KEY["opening_hours"], " a, b ,") == ("a", "b")
    assert spoken(BY_KEY["name"], " Lane, Books ") == "Lane, Books"


def _made(workspace: Path, site: str) -> tuple[str, str]:
    folder = workspace / "sites" / site
    return (folder / "site.toml").read_text(), (folder / "blueprint.yaml").read_text()


def test_options_and_a_file_make_the_same_site_and_neither_costs_anything(
    ctx: Context, igny8: Callable[..., Any], workspace: Path, tmp_path: Path
) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(FILE)
    wizard = ("sitebuilder", "wizard", "--no-input", "--site")
    by_file = igny8(*wizard, "lane", "--answers", path, "--json")
    by_options = igny8(*wizard, "quay", *OPTIONS, "--json")
    assert (by_file.status, by_options.status) == (0, 0), by_file.err + by_options.err
    said, also = json.loads(by_file.out), json.loads(by_options.out)
    assert said["answers"] == also["answers"]
    assert (said["new"], said["version"], said["answers"]["without"]) == (
        True,
        1,
        ["/help/returns/"],
    )
    assert _made(workspace, "lane") == _made(workspace, "quay")
    found = accounts.site(ctx, "lane", accounts.Need.READ)
    assert found.site_type == "ecommerce"
    assert billing.balance(ctx).spent == 0
    built = renderer.build(ctx, "lane")
    assert "Lane Books" in (built.output_dir / "index.html").read_text()
    assert not (built.output_dir / "help" / "returns").exists()


def test_a_second_run_changes_only_what_is_answered_otherwise(
    igny8: Callable[..., Any], workspace: Path
) -> None:
    wizard = ("sitebuilder", "wizard", "--no-input", "--site", "lane")
    igny8(*wizard, *OPTIONS)
    settings_, pages = _made(workspace, "lane")
    assert igny8(*wizard, *OPTIONS).status == 0
    assert _made(workspace, "lane") == (settings_, pages)
    assert igny8(*wizard, "--phone", "1", "--opening-hours", "Mo 1-2").status == 0
    changed, same = _made(workspace, "lane")
    assert same == pages
    assert changed == settings_.replace("0113 496 0000", "1").replace(
        '["Mo-Fr 09:00-17:00", "Sa 10:00-12:00"]', '["Mo 1-2"]'
    )
    refused = igny8(*wizard, "--again", "--starter", "blog")
    assert (refused.status, _made(workspace, "lane")[1]) == (2, pages)
    assert igny8(*wizard, "--again", "--yes", "--starter", "blog").status == 0
    assert "slug: articles" in _made(workspace, "lane")[1]


def test_a_dry_run_and_a_wrong_answer_write_nothing(
    igny8: Callable[..., Any], workspace: Path
) -> None:
    wizard = ("sitebuilder", "wizard", "--no-input", "--site", "lane")
    dry = igny8(*wizard, *OPTIONS, "--dry-run", "--json")
    assert "/help/delivery/" in json.loads(dry.out)["pages"]
    for wrong in (
        ("--starter", "shp"),
        ("--layout", "magzine"),
        ("--preset", "sofft"),
        ("--fonts", "comic"),
        ("--brand", "red"),
        ("--without", "/nope"),
        ("--articles", "/nowhere"),
        ("--answers", "/nowhere.yaml"),
    ):
        assert igny8(*wizard, *wrong).status == 1, wrong
    assert not (workspace / "sites" / "lane").exists()


def test_what_is_known_and_written_already_goes_in_first(
    ctx: Context, tmp_path: Path, workspace: Path
) -> None:
    notes, articles = tmp_path / "notes", tmp_path / "articles"
    (notes / "people").mkdir(parents=True)
    (notes / "people" / "ruth.md").write_text("Ruth.\n")
    (notes / "photo.jpg").write_text("no knowledge")
    articles.mkdir()
    (articles / "wheels.md").write_text("---\ntitle: Wheels\nstatus: approved\n---\nText.\n")
    keywords = tmp_path / "keywords.txt"
    keywords.write_text("bike repair\nwheel truing\n")
    answers = {
        "starter": "local-business",
        "knowledge": str(notes),
        "articles": str(articles),
        "keywords": str(keywords),
    }
    done = sitebuilder.finish(ctx, "lane", answers)
    kept = workspace / "sites" / "lane" / "knowledge" / "people" / "ruth.md"
    assert (done.knowledge, done.imported_count, done.keyword_count) == ((kept,), 1, 2)
    assert writer.content(ctx, "lane", "wheels").title == "Wheels"
    kept.write_text("Ruth, by hand.\n")
    again = sitebuilder.finish(ctx, "lane", answers)
    assert [problem.where for problem in again.problems] == ["people/ruth.md"]
    assert kept.read_text() == "Ruth, by hand.\n"


def test_answers_are_kept_until_the_site_is_made(
    ctx: Context, igny8: Callable[..., Any], workspace: Path
) -> None:
    sitebuilder.keep_answers(ctx, "lane", {"name": "Lane Books", "starter": "blog"})
    ran = igny8("sitebuilder", "wizard", "--no-input", "--site", "lane", "--phone", "1")
    assert "carrying on with 2 answers" in ran.err
    text, pages = _made(workspace, "lane")
    assert 'name = "Lane Books"' in text
    assert 'phone = "1"' in text
    assert "slug: articles" in pages
    assert sitebuilder.kept_answers(ctx, "lane") == {}
    sitebuilder.keep_answers(ctx, "quay", {"name": "Old", "starter": "blog", "without": ("/x/",)})
    with pytest.raises(NotFound):
        sitebuilder.planned(ctx, "quay", sitebuilder.kept_answers(ctx, "quay"))
    wizard = ("sitebuilder", "wizard", "--no-input", "--site", "quay")
    assert igny8(*wizard, "--restart").status == 0
    assert 'name = "Quay"' in _made(workspace, "quay")[0]


def test_an_existing_site_is_asked_with_what_it_says(ctx: Context, site: accounts.Site) -> None:
    usual = sitebuilder.usual_answers(ctx, site.slug, {})
    assert (usual["name"], usual["base_url"]) == ("Fernhill", "https://fernhill.example")
    assert (usual["starter"], usual["layout"]) == ("local-business", "default")
    new = sitebuilder.usual_answers(ctx, "lane-books", {"starter": "shop"})
    assert (new["name"], new["starter"], new["layout"]) == ("Lane Books", "shop", "ecommerce")


def test_who_may_not_make_sites_does_not_make_one(app: App, ctx: Context, workspace: Path) -> None:
    accounts.add_user(ctx, "ed@acme.example", Role.EDITOR)
    with pytest.raises(AccessDenied):
        sitebuilder.finish(app.context(Who(email="ed@acme.example")), "lane", {"name": "Lane"})
    assert not (workspace / "sites" / "lane").exists()


def test_previews_show_the_site_in_every_layout_with_samples_that_say_so(
    ctx: Context, site: accounts.Site, add: Callable[..., Any], tmp_path: Path
) -> None:
    add("wheels")
    plan = sitebuilder.planned(ctx, site.slug, {"name": "Lane Books", "starter": "shop"})
    snapshot = sitebuilder.preview_of(ctx, site.slug, plan)
    known = layouts(ctx.config, site.slug)
    page = preview_layouts(ctx.config, snapshot, known, tmp_path / "out")
    assert len(known) == 7
    for layout in known:
        assert f'src="{layout.name}/"' in page.read_text()
        home = (page.parent / layout.name / "index.html").read_text()
        assert "Lane Books" in home
        assert f'href="/{layout.name}/assets/' in home
        listing = (page.parent / layout.name / "shop" / "index.html").read_text()
        assert "Sample product 1" in listing
        guides = (page.parent / layout.name / "guides" / "index.html").read_text()
        assert "Sample article" not in guides
    assert not (ctx.config.site_folder(site.slug) / "blueprint.yaml").exists()
    assert set(looks(ctx.config)) == {"preset", "fonts"}


@pytest.fixture
def terminal(workspace: Path) -> Iterator[Callable[..., tuple[str, int]]]:
    """Run the wizard at a terminal: what it prints must contain each cue before its reply."""

    def run(words: Sequence[str], *talk: tuple[str, str]) -> tuple[str, int]:
        arguments = [sys.executable, "-m", "igny8", "sitebuilder", "wizard", *words]
        process, screen = pty.fork()
        if process == 0:
            os.chdir(workspace)
            os.execve(sys.executable, arguments, {**os.environ, "BROWSER": "/bin/true"})
        heard = ""
        for cue, reply in talk:
            seen = len(heard)
            until = time.monotonic() + 30
            while cue not in heard[seen:] and time.monotonic() < until:
                if select.select([screen], [], [], 0.1)[0]:
                    heard += os.read(screen, 4096).decode(errors="replace")
            assert cue in heard[seen:], heard
            os.write(screen, reply.encode())
        while True:
            try:
                more = os.read(screen, 4096)
            except OSError:  # the terminal ends with its process
                break
            if not more:
                break
            heard += more.decode(errors="replace")
        os.close(screen)
        return heard, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

    yield run


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_wizard_that_is_left_at_a_terminal_goes_on_where_it_was(
    terminal: Callable[..., tuple[str, int]], workspace: Path
) -> None:
    known = ["--site", "lane", "--tagline", "T", "--locale", "en-GB", "--phone", "1", "--email", "",
             "--street", "", "--postcode", "", "--city", "", "--country", "GB",
             "--opening-hours", "Mo 1-2", "--preset", "plain", "--fonts", "layout",
             "--brand", "#654321", "--knowledge", "", "--articles", "",
             "--keywords", ""]  # fmt: skip
    heard, status = terminal(
        known,
        ("called?", "Lane Books\n"),
        ("At what address", "ftp://x\n"),
        ("At what address", "https://lane.example\n"),
        ("first of all?", "\x03"),
    )
    assert status == 130, heard
    assert "write it as https://fernhill.example" in heard
    assert "your answers are kept" in heard
    assert not (workspace / "sites").exists() or not (workspace / "sites" / "lane").exists()
    heard, status = terminal(
        known,
        ("first of all?", "2\n"),
        ("left out?", "/nope\n"),
        ("left out?", "newsletter\n"),
        ("in the browser?", "y\n"),
        ("Which layout?", "magazine\n"),
        ("Make it?", "nam\n"),
        ("did you mean `name`?", "name\n"),
        ("called?", "Lane & Sons\n"),
        ("Make it?", "yes\n"),
    )
    assert status == 0, heard
    assert "carrying on with" in heard
    assert "every layout is at http://127.0.0.1:" in heard
    text, pages = _made(workspace, "lane")
    assert 'name = "Lane & Sons"' in text
    assert 'base_url = "https://lane.example"' in text
    assert "slug: newsletter" not in pages
