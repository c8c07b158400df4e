"""The provider that needs no network: the slice's own engine answers. No text is made here."""

from __future__ import annotations

from igny8.ai.provider import Reply, Request


class EmbeddedProvider:
    """Answers every function with its `offline` engine."""

    name = "embedded"
    model = None

    def complete(self, request: Request) -> Reply:
        """Return the engine's answer as JSON. It uses no tokens."""
        return Reply(request.function.offline(request.data).model_dump_json())
