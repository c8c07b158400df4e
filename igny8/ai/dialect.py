"""How one compatible server wants to be asked, learnt from what it objects to. Sends nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from igny8.ai.provider import Message, Request

if TYPE_CHECKING:
    import openai

Structured = Literal["strict", "json_schema", "json_object", "prompt"]

_LADDER: tuple[Structured, ...] = ("strict", "json_schema", "json_object", "prompt")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a server wants to be asked."""

    structured: Structured = "strict"
    token_limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"  # noqa: S105
    has_temperature: bool = True

    def without(self, objection: str | None) -> Dialect | None:
        """Return the next simpler dialect, or None when the objection cannot be met."""
        if objection == "temperature" and self.has_temperature:
            return replace(self, has_temperature=False)
        if objection == "max_tokens" and self.token_limit == "max_tokens":  # noqa: S105
            return replace(self, token_limit="max_completion_tokens")  # noqa: S106
        if objection == "response_format" and self.structured != _LADDER[-1]:
            return replace(self, structured=_LADDER[_LADDER.index(self.structured) + 1])
        return None

    def without_schema(self) -> Dialect | None:
        """Return the dialect that sends no schema, or None when this one sends none."""
        if self.structured in ("strict", "json_schema"):
            return replace(self, structured="json_object")
        return None

    def arguments(self, request: Request) -> dict[str, Any]:
        """Return the call's arguments in this dialect."""
        messages = request.messages
        arguments: dict[str, Any] = {self.token_limit: request.max_output_tokens}
        if self.has_temperature and request.temperature is not None:
            arguments["temperature"] = request.temperature
        if self.structured in ("strict", "json_schema"):
            named: dict[str, Any] = {
                "name": request.function.name.replace(".", "_")[:64],
                "schema": request.schema,
            }
            if self.structured == "strict":
                named["strict"] = True
            arguments["response_format"] = {"type": "json_schema", "json_schema": named}
        else:
            messages = _with_schema(messages, request.schema)
        if self.structured == "json_object":
            arguments["response_format"] = {"type": "json_object"}
        arguments["messages"] = [
            {"role": message.role, "content": message.content} for message in messages
        ]
        return arguments


def _with_schema(messages: tuple[Message, ...], schema: dict[str, Any]) -> tuple[Message, ...]:
    """Say in the system message what a server without structured outputs is not told otherwise."""
    told = (
        "Answer with one JSON object and nothing else. It must fit this JSON schema:\n"
        + json.dumps(schema, ensure_ascii=False)
    )
    first, *others = messages
    return (replace(first, content=f"{first.content}\n\n{told}"), *others)


def objection_of(error: openai.APIStatusError) -> str | None:
    """Return which of our parameters a 400 is about, or None."""
    if is_too_long(error):
        return None
    said = words_of(error).lower()
    parameter = str(error.param or "").lower()
    for text in (parameter, said):
        if "temperature" in text:
            return "temperature"
        if "max_tokens" in text:
            return "max_tokens"
        if any(word in text for word in ("response_format", "json_schema", "json_object")):
            return "response_format"
    if any(word in said for word in ("structured output", "schema", "grammar")):
        return "response_format"
    return None


def is_too_long(error: openai.APIStatusError) -> bool:
    """Whether the request does not fit the model's context; not every server sends the code."""
    return error.code == "context_length_exceeded" or "context length" in words_of(error).lower()


def words_of(error: openai.APIStatusError) -> str:
    """Return the server's own words, if it used any that are meant for people."""
    body = error.body
    if isinstance(body, dict):
        body = body.get("message") or body.get("detail")
    text = body if isinstance(body, str) else json.dumps(body) if body else ""
    return "" if text.lstrip().startswith("<") else text  # a proxy's HTML page
