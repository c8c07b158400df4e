"""References to secrets, and keeping the values out of everything written."""

from __future__ import annotations

import copy
import pickle
import sys
import types
from pathlib import Path

import pytest

from igny8.core.errors import ConfigError
from igny8.safety.secrets import Redactor, Secret, SecretRef

VALUE = 'sk-Live_9f"8/7+a<b'


@pytest.mark.parametrize("text", ["env:OPENAI_API_KEY", "file:secrets/key", "keyring:shop"])
def test_references_read_and_write_alike(text: str) -> None:
    assert str(SecretRef.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["sk-1234567890abcdef", "", "env:", "env:sk-1234567890abcdef", "env:sk_live_1234567890abcdef",
     "http://user:sk-1234567890abcdef@host", "token sk-1234567890abcdef"],
)  # fmt: skip
def test_a_literal_value_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SecretRef.parse(text)
    shown = f"{caught.value.message} {caught.value.hint}"
    assert "1234567890abcdef" not in shown
    assert "env:" in shown


def test_the_environment_gives_the_value(tmp_path: Path) -> None:
    reference = SecretRef.parse("env:SHOP_TOKEN")
    assert reference.resolve({"SHOP_TOKEN": VALUE}, tmp_path).reveal() == VALUE
    for environ in ({}, {"SHOP_TOKEN": ""}):
        with pytest.raises(ConfigError, match="SHOP_TOKEN is not set"):
            reference.resolve(environ, tmp_path)


def test_a_file_gives_the_value_when_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(VALUE + "\n")
    path.chmod(0o600)
    assert SecretRef.parse("file:key").resolve({}, tmp_path).reveal() == VALUE
    assert SecretRef.parse(f"file:{path}").resolve({}, Path("/")).reveal() == VALUE
    for mode in (0o640, 0o604, 0o644):
        path.chmod(mode)
        with pytest.raises(ConfigError, match="others can read") as caught:
            SecretRef.parse("file:key").resolve({}, tmp_path)
        assert caught.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize("data", [b"", b"\n", b"one\ntwo\n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_that_is_no_single_line_is_refused_unseen(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="one line") as caught:
        SecretRef.parse("file:key").resolve({}, tmp_path)
    assert "two" not in caught.value.message


def test_a_missing_file_is_a_matter_of_configuration(tmp_path: Path) -> None:
    for name in ("missing", "."):
        with pytest.raises(ConfigError, match="cannot be read"):
            SecretRef.parse(f"file:{name}").resolve({}, tmp_path)


def test_a_keyring_gives_the_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = types.ModuleType("keyring")
    held = {("igny8", "shop"): VALUE}
    keyring.get_password = lambda *key: held.get(key)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert SecretRef.parse("keyring:shop").resolve({}, tmp_path).reveal() == VALUE
    with pytest.raises(ConfigError, match="holds nothing"):
        SecretRef.parse("keyring:other").resolve({}, tmp_path)


def test_without_the_keyring_package_the_hint_names_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigError, match="not installed") as caught:
        SecretRef.parse("keyring:shop").resolve({}, tmp_path)
    assert "env:NAME" in str(caught.value.hint)


def test_a_secret_shows_nothing() -> None:
    secret = Secret(VALUE)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>5}",
        repr([secret]),
        f"{secret!s}",
    ]
    assert not any("sk-" in text for text in shown)
    assert repr(secret) == "***"
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(secret)


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {VALUE}",
        "https://x.example/?key=sk-Live_9f%228%2F7%2Ba%3Cb&x=1",
        '{"key": "sk-Live_9f\\"8/7+a<b"}',
        "<td>sk-Live_9f&quot;8/7+a&lt;b</td>",
        f"{VALUE}{VALUE}",
    ],
)
def test_the_redactor_finds_every_spelling(text: str) -> None:
    redacted = Redactor([Secret(VALUE)]).redact(text)
    assert "sk-Live" not in redacted
    assert "***" in redacted


def test_a_secret_inside_another_leaves_no_rest() -> None:
    assert Redactor(["abcd", "abcdefgh"]).redact("x abcdefgh abcd y") == "x *** *** y"


def test_very_short_or_no_secrets_change_nothing() -> None:
    assert Redactor(["", "a", "abc"]).redact("a cab abc") == "a cab abc"
    assert Redactor([]).redact("text") == "text"
