"""What pieces are written with: prompts, author profiles, strategies. Writing is the writer's."""

from igny8.thinker import store
from igny8.thinker.lookup import prompt_override
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
from igny8.thinker.types import (
    ENTITY_TYPES,
    Author,
    Layer,
    Person,
    PromptInUse,
    PromptVersion,
    Strategy,
)

strategy_for = store.strategy_for

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
    "strategies",
    "strategy_for",
    "voice",
]
