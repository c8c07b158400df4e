"""Settings: their layers, who won, and what a slip is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from igny8.config.edit import set_key, set_workspace
from igny8.config.load import find_workspace, known_keys, load, read_toml
from igny8.config.switches import disabled, mirror
from igny8.config.write import to_toml, write_site
from igny8.core.errors import ConfigError, InvalidInput, NotFound

Run = Callable[..., Any]


def workspace_with(root: Path, toml: str = "") -> Path:
    (root / "igny8.toml").write_text(toml, encoding="utf-8")
    return root


def refused(root: Path, environ: Mapping[str, str] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as error:
        load(root, environ or {})
    assert error.value.exit_status == 3
    return error.value


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    config = load(workspace_with(tmp_path), {})
    assert config.settings.ai.provider == "embedded"
    assert set(config.sources.values()) == {"default"}


@pytest.mark.parametrize(
    ("toml", "key", "near"),
    [
        ('[ai]\nprovidr = "x"', "ai.providr", "ai.provider"),
        ("[linkr]\nmax_per_page = 3", "linkr", "linker"),
        ("[credits]\nmonthy = 3", "credits.monthy", "credits.monthly"),
        ("shema = 1", "shema", "schema"),
        ("[ai.extra]\nx = 1", "ai.extra", None),
        ("zzz = 1", "zzz", None),
    ],
)
def test_an_unknown_key_names_the_nearest(
    tmp_path: Path, toml: str, key: str, near: str | None
) -> None:
    error = refused(workspace_with(tmp_path, toml))
    assert error.code == "config.unknown-key"
    assert f"there is no setting `{key}`" in error.message
    assert str(tmp_path / "igny8.toml") in error.message
    assert (near or "config show") in (error.hint or "")


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('[ai]\ntimeout = "soon"', "ai.timeout"),
        ("[ai]\ntimeout = 0", "ai.timeout"),
        ("[ai]\nprovider = 5", "ai.provider"),
        ("[credits]\nmonthly = -1", "credits.monthly"),
        ('[credits.costs]\ncontent = "dear"', "credits.costs.content"),
        ('[writer]\napproval = "maybe"', "writer.approval"),
        ("[linker]\nmax_per_page = 2.5", "linker.max_per_page"),
        ('ai = "openai"', "ai"),
        ('[build]\nstatuses = "approved"', "build.statuses"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(tmp_path: Path, toml: str, key: str) -> None:
    assert f"`{key}`" in refused(workspace_with(tmp_path, toml)).message


@pytest.mark.parametrize(
    "content",
    [b"[ai", b"a = 1\na = 2", b"\xff\xfe\x00", b"[ai]\nprovider = 'x", b"= 5", b"\x00" * 9],
)
def test_a_file_that_is_no_toml_is_told_with_its_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "igny8.toml").write_bytes(content)
    assert "is not valid TOML" in refused(tmp_path).message


def test_a_missing_or_unreadable_file_is_told(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path).message
    (tmp_path / "igny8.toml").mkdir()
    assert "can't be read" in refused(tmp_path).message


def test_a_file_of_a_later_form_is_left_alone(tmp_path: Path) -> None:
    error = refused(workspace_with(tmp_path, "schema = 2"))
    assert "schema 2" in error.message
    assert error.hint == "upgrade igny8"


def test_the_stronger_layer_wins_and_is_named(tmp_path: Path) -> None:
    toml = '[linker]\nmax_per_page = 5\nmax_incoming = 6\n[ai]\nmodel = "m"\n'
    environ = {"IGNY8_LINKER__MAX_PER_PAGE": "7"}
    config = load(workspace_with(tmp_path, toml), environ)
    linker = config.settings.linker
    assert (linker.max_per_page, linker.max_incoming, linker.words_per_link) == (7, 6, 150)
    assert config.sources["linker.max_per_page"] == "environment"
    assert config.sources["linker.max_incoming"] == "igny8.toml"
    assert config.sources["linker.words_per_link"] == "default"


def test_a_site_stands_between_the_workspace_and_the_environment(tmp_path: Path) -> None:
    toml = "[linker]\nmax_per_page = 5\nmax_incoming = 5\nwords_per_link = 5\n"
    workspace_with(tmp_path, toml)
    site = {"name": "Shop", "linker": {"max_per_page": 6, "max_incoming": 6}}
    write_site(tmp_path / "sites" / "shop", site)
    config = load(tmp_path, {"IGNY8_LINKER__MAX_PER_PAGE": "7"}).site("shop")
    linker = config.settings.linker
    assert (linker.max_per_page, linker.max_incoming, linker.words_per_link) == (7, 6, 5)
    assert config.sources["linker.max_per_page"] == "environment"
    assert config.sources["linker.max_incoming"] == "sites/shop/site.toml"
    assert config.sources["linker.words_per_link"] == "igny8.toml"
    assert config.identity.name == "Shop"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[store]\nurl = "x"', "`store` belongs to the workspace"),
        ('[ai]\nprovider = "x"', "`ai` belongs to the workspace"),
        ('layuot = "default"', "did you mean `layout`?"),
        ("[linker]\nmax_per_pag = 1", "did you mean `linker.max_per_page`?"),
        ('base_url = "ftp://x"', "`base_url`"),
        ('[theme]\nbrand = "red"', "`theme.brand`"),
        ('locale = "english"', "`locale`"),
    ],
)
def test_a_slip_in_site_toml_is_told(tmp_path: Path, toml: str, told: str) -> None:
    config = load(workspace_with(tmp_path), {})
    folder = tmp_path / "sites" / "shop"
    folder.mkdir(parents=True)
    (folder / "site.toml").write_text(toml)
    with pytest.raises(ConfigError) as error:
        config.site("shop")
    assert told in f"{error.value.message} {error.value.hint}"
    assert str(folder / "site.toml") in error.value.message


def test_a_site_without_its_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no site\.toml"):
        load(workspace_with(tmp_path), {}).site("shop")


def test_the_environment_sets_any_section(tmp_path: Path) -> None:
    config = load(
        workspace_with(tmp_path),
        {
            "IGNY8_AI__PROVIDER": "openai",
            "IGNY8_AI__TIMEOUT": "2.5",
            "IGNY8_ACCESS__REQUIRE_TOKEN": "true",
            "IGNY8_CREDITS__COSTS__CONTENT": "3",
            "IGNY8_BUILD__STATUSES": "approved, draft",
            "IGNY8_TOKEN": "no setting",
            "OTHER__THING": "no setting",
        },
    )
    settings = config.settings
    assert (settings.ai.provider, settings.ai.timeout) == ("openai", 2.5)
    assert settings.access.require_token is True
    assert settings.credits.costs == {"content": 3}
    assert settings.build.statuses == ("approved", "draft")
    assert config.sources["credits.costs.content"] == "environment"


def test_a_slip_in_the_environment_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    error = refused(workspace_with(tmp_path), {"IGNY8_AI__TIMEOUT": "soon"})
    assert error.message.startswith("the environment: `ai.timeout`")
    error = refused(workspace_with(tmp_path), {"IGNY8_AI__PROVIDR": "x"})
    assert error.message.startswith("the environment: there is no setting `ai.providr`")
    assert error.hint == "did you mean `ai.provider`?"


def test_every_known_key_can_be_given_and_is_read_back(tmp_path: Path) -> None:
    settings = load(workspace_with(tmp_path), {}).settings
    tree = settings.model_dump(by_alias=True, exclude_none=True, mode="json")
    workspace_with(tmp_path, to_toml(tree))
    again = load(tmp_path, {})
    assert again.settings == settings
    given = {key for key, source in again.sources.items() if source == "igny8.toml"}
    optional = {"workspace.account", "ai.base_url", "ai.model", "ai.api_key"}
    assert set(known_keys()) - given == optional


@pytest.mark.parametrize(
    "value",
    ["plain", 'q"uo\\te', "ünï ☃ 𝄞", "\ttab\nline", "\x7f\x01", "", "'''", "#no", "\u2028"],
)
def test_any_text_survives_the_writer(tmp_path: Path, value: str) -> None:
    path = tmp_path / "x.toml"
    tree = {"a": value, "t": {"b": [value, value], "n": {"c": value}}, "n": 5, "f": 2.5, "t2": True}
    path.write_text(to_toml(tree), encoding="utf-8")
    assert read_toml(path) == tree


def test_the_nearest_workspace_upward_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_workspace(inner) is None or not find_workspace(inner).is_relative_to(tmp_path)
    workspace_with(tmp_path)
    assert find_workspace(inner) == tmp_path


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("ai.model", "5", "5"),
        ("linker.max_per_page", "5", 5),
        ("access.require_token", "true", True),
        ("ai.timeout", "2.5", 2.5),
        ("build.statuses", "draft, approved", ["draft", "approved"]),
        ("credits.costs.content", "4", 4),
    ],
)
def test_a_set_value_gets_the_type_of_its_key(
    tmp_path: Path, key: str, value: str, kept: object
) -> None:
    set_workspace(workspace_with(tmp_path), key, value, {})
    tree: Any = read_toml(tmp_path / "igny8.toml")
    for part in key.split("."):
        tree = tree[part]
    assert tree == kept


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ai.timeout", "soon"),
        ("ai.providr", "x"),
        ("linker.max_per_page", "-1"),
        ("ai", "x"),
        ("linker.max_per_page.deep", "5"),
    ],
)
def test_a_value_that_does_not_fit_leaves_the_file_as_it_was(
    tmp_path: Path, key: str, value: str
) -> None:
    root = workspace_with(tmp_path, "# mine\n[linker]\nmax_per_page = 3\n")
    before = (root / "igny8.toml").read_bytes()
    with pytest.raises((ConfigError, InvalidInput)):
        set_workspace(root, key, value, {})
    assert (root / "igny8.toml").read_bytes() == before


def test_a_refused_value_makes_no_file(tmp_path: Path) -> None:
    def refuse() -> None:
        raise ConfigError("no")

    with pytest.raises(ConfigError):
        set_key(tmp_path / "new.toml", "a", "b", refuse)
    assert list(tmp_path.iterdir()) == []


def test_the_mirror_of_switches_survives_anything(tmp_path: Path) -> None:
    assert disabled(tmp_path, "acme") == frozenset()
    mirror(tmp_path / "state", "acme", frozenset({"linker"}))
    mirror(tmp_path / "state", "other", frozenset({"writer"}))
    assert disabled(tmp_path / "state", "acme") == {"linker"}
    assert disabled(tmp_path / "state", None) == frozenset()  # which of the two?
    for rubbish in ("", "[]", "{", "5", '{"acme": 5}', '{"acme": [5]}'):
        (tmp_path / "state" / "modules.json").write_text(rubbish)
        assert not disabled(tmp_path / "state", "acme") - {5}
    mirror(tmp_path / "state", "acme", frozenset({"linker"}))
    assert disabled(tmp_path / "state", None) == {"linker"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_command_shows_where_each_setting_comes_from(
    workspace: Path, igny8: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert igny8("config", "set", "ai.model", "m-1").status == 0
    monkeypatch.setenv("IGNY8_LINKER__MAX_PER_PAGE", "3")
    rows = json.loads(igny8("config", "show", "--sources", "--json").out)
    found = {row["key"]: (row["value"], row["source"]) for row in rows}
    assert found["ai.model"] == ("m-1", "igny8.toml")
    assert found["linker.max_per_page"] == (3, "environment")
    assert found["ai.timeout"] == (120.0, "default")
    assert igny8("config", "get", "ai.model").out == "m-1\n"
    missing = igny8("config", "get", "ai.modle")
    assert missing.status == 1
    assert "did you mean `ai.model`?" in missing.err
    slip = igny8("config", "set", "ai.timeout", "soon")
    assert slip.status == 3
