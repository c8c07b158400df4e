"""How igny8 asks a model: functions as values, prompts, providers, one runner. No domain knowledge.

Importing this package never imports the `openai` SDK; the provider does, at its first call.
"""

from igny8.ai.embedded import EmbeddedProvider
from igny8.ai.fake import FakeProvider
from igny8.ai.function import AIFunction
from igny8.ai.openai_provider import OpenAIProvider, Probe
from igny8.ai.prompts import Prompt, PromptLookup, check_prompt, parse_prompt, shipped_prompt
from igny8.ai.provider import Message, Reply, Request, TextProvider, Usage
from igny8.ai.runner import Answer, MadeWith, Refusal, Runner, UnusableReply
from igny8.ai.schema import strict_schema

__all__ = [
    "AIFunction",
    "Answer",
    "EmbeddedProvider",
    "FakeProvider",
    "MadeWith",
    "Message",
    "OpenAIProvider",
    "Probe",
    "Prompt",
    "PromptLookup",
    "Refusal",
    "Reply",
    "Request",
    "Runner",
    "TextProvider",
    "UnusableReply",
    "Usage",
    "check_prompt",
    "parse_prompt",
    "shipped_prompt",
    "strict_schema",
]
