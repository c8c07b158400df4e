"""The writer's AI function: its input, its output, its checks, and its offline answer."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from igny8.ai.function import AIFunction
from igny8.writer.composing import Brief, BriefSection, compose
from igny8.writer.knowledge import KnowledgeBase, read_base

_ADDRESS = re.compile(r"https?://|\]\(|<a\s", re.IGNORECASE)


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OutlineSection(_Value):
    """A section to write: its heading, its search terms, what kind of material it wants."""

    heading: str
    terms: list[str]
    kind: str
    words: int


class KnowledgeText(_Value):
    """A knowledge file."""

    name: str
    text: str


class SourceText(_Value):
    """A piece of knowledge chosen for this task."""

    id: str
    text: str


class ContentRequest(_Value):
    """All that a draft is made from."""

    business: str
    locale: str
    title: str
    entity_type: str
    angle: str
    keywords: list[str]
    questions: list[str]
    outline: list[OutlineSection]
    words: int
    author: str
    style: str
    strategy: str
    sources: list[SourceText]
    knowledge: list[KnowledgeText]
    used: list[list[str]]


class StatedFact(_Value):
    """A fact for `structure_data`; the service takes it only if the knowledge files have it."""

    key: str
    value: str


class Question(_Value):
    """A question and its answer as they stand in the body."""

    question: str
    answer: str


class ContentReply(_Value):
    """A draft."""

    title: str
    meta_title: str
    meta_description: str
    body: str
    faq: list[Question]
    facts: list[StatedFact]
    sources: list[str]
    gaps: list[str]


def _offline(data: ContentRequest) -> ContentReply:
    base = base_of(tuple((file.name, file.text) for file in data.knowledge))
    brief = Brief(
        title=data.title,
        entity_type=data.entity_type,
        outline=tuple(
            BriefSection(section.heading, tuple(section.terms), section.kind, section.words)
            for section in data.outline
        ),
        keywords=tuple(data.keywords),
        questions=tuple(data.questions),
        locale=data.locale,
    )
    draft = compose(brief, base, [frozenset(ids) for ids in data.used])
    return ContentReply(
        title=draft.title,
        meta_title=draft.meta_title,
        meta_description=draft.meta_description,
        body=draft.body,
        faq=[Question(question=item.question, answer=item.answer) for item in draft.faq],
        facts=[
            StatedFact(key=key, value=str(value)) for key, value in draft.structure_data.items()
        ],
        sources=sorted(draft.records),
        gaps=list(draft.gaps),
    )


@functools.lru_cache(maxsize=2)
def base_of(files: tuple[tuple[str, str], ...]) -> KnowledgeBase:
    """Read knowledge files; a run over one site reads them once."""
    return read_base(files)


def _says_something(data: ContentRequest, reply: ContentReply) -> list[str]:
    del data
    if reply.body.strip() or reply.gaps:
        return []
    return ["`body` is empty and `gaps` does not say what is missing"]


def _fits_the_store(data: ContentRequest, reply: ContentReply) -> list[str]:
    del data
    lengths = {"title": 300, "meta_title": 300, "meta_description": 1000}
    zeros = [
        f"`{name}` holds a zero byte" for name in (*lengths, "body") if "\0" in getattr(reply, name)
    ]
    return zeros + [
        f"`{name}` is longer than {longest} characters"
        for name, longest in lengths.items()
        if len(getattr(reply, name)) > longest
    ]


def _has_no_address(data: ContentRequest, reply: ContentReply) -> list[str]:
    del data
    found = _ADDRESS.search(reply.body)
    return [f"`body` holds a link or address: `{found[0]}`; leave it out"] if found else []


def _cites_what_exists(data: ContentRequest, reply: ContentReply) -> list[str]:
    base = base_of(tuple((file.name, file.text) for file in data.knowledge))
    known = {record.id for record in base.records}
    foreign = [source for source in reply.sources if source not in known]
    return [f"`sources` names `{foreign[0]}`, which is no source"] if foreign else []


GENERATE_CONTENT = AIFunction(
    name="writer.generate-content",
    input=ContentRequest,
    output=ContentReply,
    prompt=Path(__file__).with_name("prompts") / "generate_content.md",
    cost_key="content",
    offline=_offline,
    checks=(_says_something, _fits_the_store, _has_no_address, _cites_what_exists),
)
