"""Runs an AI function: render, ask, validate, repair once. Counts tokens, not money."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from igny8.ai.function import AIFunction
from igny8.ai.journal import Entry, Journal
from igny8.ai.prompts import Prompt, PromptLookup, render, shipped_prompt
from igny8.ai.provider import Message, Reply, Request, TextProvider, Usage
from igny8.ai.schema import strict_schema
from igny8.core.clock import Clock
from igny8.core.errors import AIOutputError, AIRefused

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)

_ATTEMPTS = 2
_SHOWN_PROBLEMS = 20
_FENCE = re.compile(r"\A```[a-zA-Z]*[ \t]*\r?\n(.*?)\r?\n?```\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What made a product, to be stored with it."""

    function: str
    prompt_version: str
    prompt_hash: str
    provider: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Answer(Generic[Out]):
    """A validated reply. `usage` is the sum over `attempts` calls."""

    output: Out
    made_with: MadeWith
    usage: Usage
    attempts: int


class UnusableReply(AIOutputError):
    """No reply fitted. `usage` was spent all the same; `raw_reply` is the file with the replies."""

    def __init__(
        self, message: str, *, hint: str, code: str, usage: Usage, raw_reply: Path | None
    ) -> None:
        where = f"; the raw reply is in {raw_reply}" if raw_reply else ""
        super().__init__(message + where, hint=hint, code=code)
        self.usage = usage
        self.raw_reply = raw_reply


class Refusal(AIRefused):
    """The model or its filter declined. `usage` was spent all the same."""

    def __init__(self, message: str, *, hint: str, code: str, usage: Usage) -> None:
        super().__init__(message, hint=hint, code=code)
        self.usage = usage


class Runner:
    """Runs AI functions with one provider.

    `prompts` says which override applies (None: the shipped prompt). `raw_replies` is the folder of
    the journal; nothing is written there before the first paid call or the first bad reply.
    """

    def __init__(
        self, provider: TextProvider, *, prompts: PromptLookup, raw_replies: Path, clock: Clock
    ) -> None:
        self._provider = provider
        self._prompts = prompts
        self._journal = Journal(raw_replies, clock)

    def run(
        self, function: AIFunction[In, Out], data: In, *, site: str | None = None, request_id: str
    ) -> Answer[Out]:
        """Ask for `function` about `data` and return the validated answer.

        `request_id` names the work: a second run of the same request takes up the replies that the
        first one paid for, until `forget` or for seven days. Raises InvalidInput for a prompt that
        does not render, AIError from the provider, UnusableReply (an AIOutputError) when the reply
        is cut off or does not fit after one repair round, Refusal (an AIRefused).
        """
        prompt = self._prompts(function.name, site) or shipped_prompt(function)
        request = Request(
            function=function,
            data=data,
            messages=render(prompt, data),
            schema=strict_schema(function.output),
            temperature=prompt.temperature,
            max_output_tokens=prompt.max_output_tokens,
            request_id=request_id,
        )
        entry = self._journal.open(request, self._provider)
        problems: list[str] = []
        for attempt in range(1, _ATTEMPTS + 1):
            reply = self._ask(request, entry, attempt)
            _require_finished(function.name, reply, entry)
            output, problems = _read(function, data, reply.text)
            if output is not None and not problems:
                made_with = self._made_with(function.name, prompt, reply)
                return Answer(output, made_with, _spent(entry, attempt), attempt)
            request = _repair(request, reply, problems)
        raise UnusableReply(
            f"{function.name}: the reply does not fit after one repair round: {problems[0]}",
            hint="run it again, or ask a more capable model",
            code=UnusableReply.code,
            usage=_spent(entry, _ATTEMPTS),
            raw_reply=entry.reject(problems),
        )

    def forget(self, request_id: str) -> None:
        """Drop the recorded replies of a request whose product has been saved."""
        self._journal.forget(request_id)

    def _ask(self, request: Request, entry: Entry, attempt: int) -> Reply:
        if len(entry.replies) < attempt:
            entry.record(self._provider.complete(request))
        return entry.replies[attempt - 1]

    def _made_with(self, function: str, prompt: Prompt, reply: Reply) -> MadeWith:
        model = reply.model or self._provider.model
        return MadeWith(function, prompt.version, prompt.hash, self._provider.name, model)


def _require_finished(name: str, reply: Reply, entry: Entry) -> None:
    """Raise for a reply that ended early: asking again with the same prompt would end there too."""
    usage = _spent(entry, len(entry.replies))
    if reply.finish == "length":
        raise UnusableReply(
            f"{name}: the reply was cut off at the output limit",
            hint="raise max_output_tokens in the prompt's front matter, or ask for less at once",
            code="ai.cut-off",
            usage=usage,
            raw_reply=entry.reject(["cut off at the output limit"]),
        )
    if reply.finish == "complete":
        return
    why = " ".join(reply.text.split())[:200]
    entry.reject([reply.finish])
    filtered = reply.finish == "filtered"
    raise Refusal(
        f"{name}: {'the content filter stopped the reply' if filtered else 'the model refused'}"
        + (f": {why}" if why else ""),
        hint="change the prompt or the material; the same request will be refused again",
        code="ai.filtered" if filtered else Refusal.code,
        usage=usage,
    )


def _read(function: AIFunction[In, Out], data: In, text: str) -> tuple[Out | None, list[str]]:
    """Return the output and what is wrong with it. Only a code fence around it is forgiven."""
    text = text.strip()
    fenced = _FENCE.match(text)
    try:
        output = function.output.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        return None, [_problem(details["loc"], details["msg"]) for details in error.errors()]
    return output, [problem for check in function.checks for problem in check(data, output)]


def _problem(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place))}: {message}" if place else message


def _repair(request: Request, reply: Reply, problems: list[str]) -> Request:
    listed = "\n".join(f"- {problem}" for problem in problems[:_SHOWN_PROBLEMS])
    again = (
        f"Your reply does not fit:\n{listed}\n"
        "Reply again with the whole corrected JSON object and nothing else."
    )
    turns = (Message("assistant", reply.text), Message("user", again))
    return replace(request, messages=request.messages + turns)


def _spent(entry: Entry, attempts: int) -> Usage:
    return sum((reply.usage for reply in entry.replies[:attempts]), Usage())
