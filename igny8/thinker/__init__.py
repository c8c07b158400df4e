"""What pieces are written with: prompts, author profiles, strategies. Writing is the writer's."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.thinker.lookup import prompt_override
    from igny8.thinker.reading import signatures
    from igny8.thinker.services import (
        add_author,
        add_strategy,
        author,
        authors,
        compare_prompt,
        edit_author,
        edit_prompt,
        prompt,
        prompt_versions,
        prompts,
        reset_prompt,
        strategies,
        voice,
    )
    from igny8.thinker.store import strategy_for
    from igny8.thinker.types import (
        ENTITY_TYPES,
        Author,
        Layer,
        Person,
        PromptInUse,
        PromptVersion,
        Strategy,
    )
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "ENTITY_TYPES",
    "Author",
    "Layer",
    "Person",
    "PromptInUse",
    "PromptVersion",
    "Strategy",
    "add_author",
    "add_strategy",
    "author",
    "authors",
    "compare_prompt",
    "edit_author",
    "edit_prompt",
    "prompt",
    "prompt_override",
    "prompt_versions",
    "prompts",
    "reset_prompt",
    "signatures",
    "strategies",
    "strategy_for",
    "voice",
]
