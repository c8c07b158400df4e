"""What a provider is asked and what it answers. No provider lives here, no SDK type appears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from igny8.ai.function import AIFunction


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls. `cached_tokens` are part of `input_tokens`."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    is_estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.is_estimated or other.is_estimated,
        )

    @classmethod
    def estimated(cls, messages: tuple[Message, ...], text: str) -> Usage:
        """Guess at four characters a token, for servers that do not count."""
        asked = sum(len(message.content) for message in messages)
        return cls(-(-asked // 4), -(-len(text) // 4), is_estimated=True)


@dataclass(frozen=True, slots=True)
class Request:
    """One call: rendered messages and the JSON schema that the reply must fit.

    `function` and `data` are there for providers that answer without a model. `temperature` None
    leaves it to the model.
    """

    function: AIFunction[Any, Any]
    data: BaseModel
    messages: tuple[Message, ...]
    schema: dict[str, Any]
    temperature: float | None
    max_output_tokens: int
    request_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unread: `text` may be anything. `model` is the name that answered."""

    text: str
    finish: Literal["complete", "length", "refused", "filtered"] = "complete"
    usage: Usage = Usage()
    model: str | None = None


class TextProvider(Protocol):
    """Answers requests. Raises AIError and nothing else for anything that goes wrong outside.

    `model` None says that no model is asked: a call costs nothing and can simply be made again.
    """

    @property
    def name(self) -> str:
        """The provider's name in the configuration."""

    @property
    def model(self) -> str | None:
        """The model that will be asked."""

    def complete(self, request: Request) -> Reply:
        """Answer one request."""
