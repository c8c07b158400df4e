"""A provider for tests: a queue of replies and a history of requests. Judges nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel

from igny8.ai.provider import Reply, Request, Usage

Content = str | BaseModel | Reply
Scripted = Content | Exception | Callable[[Request], Content]


class FakeProvider:
    """Gives what was queued, in order, and keeps every request in `history`.

    A string is the raw text of a reply; a model is sent as JSON; an exception is raised; a callable
    is given the request. With an empty queue it fails the test, or with `default="offline"` answers
    as the embedded provider does.
    """

    name = "fake"
    model = "fake-1"

    def __init__(self, *queued: Scripted, default: Literal["offline"] | None = None) -> None:
        self.history: list[Request] = []
        self._queue = deque(queued)
        self._default = default

    def enqueue(self, *scripted: Scripted) -> None:
        """Queue what the next calls get."""
        self._queue.extend(scripted)

    def complete(self, request: Request) -> Reply:
        """Answer with the next in the queue. Raises AssertionError when there is none."""
        self.history.append(request)
        scripted = self._next(request)
        if isinstance(scripted, Exception):
            raise scripted
        content = scripted(request) if callable(scripted) else scripted
        if isinstance(content, Reply):
            return content
        text = content.model_dump_json() if isinstance(content, BaseModel) else content
        return Reply(text, usage=Usage.estimated(request.messages, text), model=self.model)

    def _next(self, request: Request) -> Scripted:
        if self._queue:
            return self._queue.popleft()
        if self._default == "offline":
            answer: BaseModel = request.function.offline(request.data)
            return answer
        raise AssertionError(f"{request.function.name} was called, but no reply is queued for it")
