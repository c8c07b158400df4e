"""What the planner asks a model, and what its own engines answer instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from igny8.ai.function import AIFunction
from igny8.planner import ideation
from igny8.planner.normalise import normalise

MAX_BATCH = 50
MAX_TITLE = 90
OUTAGE = 3  # failures in a row after which a service is taken to be down
_PROMPTS = Path(__file__).parent / "prompts"

EntityType = Literal["post", "page", "product", "service", "taxonomy"]
SectionKind = Literal["fact", "step", "spec", "qa"]
Line = Annotated[str, Field(min_length=1, max_length=300)]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeywordIn(_Plain):
    """A keyword with what is known of it; `volume` is searches a month, null when unknown."""

    keyword: str
    volume: int | None
    intents: list[str]


class Section(_Plain):
    """A part of a knowledge file."""

    heading: str
    kind: str


class SubjectIn(_Plain):
    """Something the business has knowledge of."""

    title: str
    kind: str
    terms: list[str]
    sections: list[Section]
    has_price: bool


class Spelling(_Plain):
    """How the business writes a name."""

    name: str
    spelling: str


class IdeasInput(_Plain):
    """One cluster and the business it is for."""

    site_name: str
    locale: str
    label: str
    topic: str
    keywords: list[KeywordIn]
    subjects: list[SubjectIn]
    places: list[str]
    spellings: list[Spelling]
    titles: list[str]


class OutlineSection(_Plain):
    """A planned section."""

    heading: Line
    terms: list[str]
    kind: SectionKind
    words: Annotated[int, Field(ge=30, le=1500)]


class IdeaOut(_Plain):
    """A page worth writing."""

    title: Annotated[str, Field(min_length=3, max_length=MAX_TITLE)]
    angle: Annotated[str, Field(max_length=500)]
    entity_type: EntityType
    outline: Annotated[list[OutlineSection], Field(min_length=1, max_length=12)]
    target_keywords: Annotated[list[str], Field(min_length=1)]
    questions: list[Line]
    estimated_words: Annotated[int, Field(ge=50, le=6000)]


class IdeasOutput(_Plain):
    """One idea, or two."""

    ideas: Annotated[list[IdeaOut], Field(min_length=1, max_length=2)]


class GroupIn(_Plain):
    """Keywords that were grouped by their words."""

    label: str
    keywords: list[KeywordIn]


class GroupsInput(_Plain):
    """At most 50 keywords in their groups."""

    site_name: str
    locale: str
    groups: list[GroupIn]


class GroupOut(_Plain):
    """Keywords that one page should answer."""

    label: Annotated[str, Field(min_length=1, max_length=100)]
    keywords: Annotated[list[str], Field(min_length=1)]


class GroupsOutput(_Plain):
    """All keywords of the input, each once."""

    groups: Annotated[list[GroupOut], Field(min_length=1)]


def _propose(data: IdeasInput) -> IdeasOutput:
    cluster = ideation.TargetCluster(
        label=data.label,
        topic=data.topic,
        keywords=tuple(
            ideation.TargetKeyword(k.keyword, k.volume, tuple(k.intents)) for k in data.keywords
        ),
    )
    business = ideation.Business(
        subjects=tuple(
            ideation.Subject(
                title=subject.title,
                kind=subject.kind,
                terms=tuple(subject.terms),
                sections=tuple((section.heading, section.kind) for section in subject.sections),
                has_price=subject.has_price,
            )
            for subject in data.subjects
        ),
        places=tuple(data.places),
        spellings={entry.name: entry.spelling for entry in data.spellings},
        locale=data.locale,
    )
    proposals = ideation.ideate(cluster, business, titles=data.titles)
    return IdeasOutput(ideas=[_idea(proposal) for proposal in proposals])


def _idea(proposal: ideation.Proposal) -> IdeaOut:
    return IdeaOut.model_validate(
        {
            "title": proposal.title,
            "angle": proposal.angle,
            "entity_type": proposal.entity_type,
            "outline": [
                {"heading": s.heading, "terms": list(s.terms), "kind": s.kind, "words": s.words}
                for s in proposal.outline
            ],
            "target_keywords": list(proposal.target_keywords),
            "questions": list(proposal.questions),
            "estimated_words": proposal.estimated_words,
        }
    )


def _ideas_use_given_keywords(data: IdeasInput, output: IdeasOutput) -> list[str]:
    used = [keyword for idea in output.ideas for keyword in idea.target_keywords]
    return _misused((k.keyword for k in data.keywords), used)


def _ideas_have_titles_of_their_own(data: IdeasInput, output: IdeasOutput) -> list[str]:
    titles = [normalise(title) for title in data.titles]
    count = Counter([*set(titles), *(normalise(idea.title) for idea in output.ideas)])
    return [
        f"the title `{idea.title}` exists already: find another"
        for idea in output.ideas
        if count[normalise(idea.title)] > 1
    ]


def _groups_are_complete(data: GroupsInput, output: GroupsOutput) -> list[str]:
    given = [keyword.keyword for group in data.groups for keyword in group.keywords]
    used = [keyword for group in output.groups for keyword in group.keywords]
    missing = {normalise(k) for k in given} - {normalise(k) for k in used}
    return _misused(given, used) + [f"the keyword `{k}` is missing" for k in sorted(missing)]


def _misused(given: Iterable[str], used: list[str]) -> list[str]:
    known = {normalise(keyword) for keyword in given}
    count = Counter(normalise(keyword) for keyword in used)
    return [f"`{key}` is none of the given keywords" for key in sorted(set(count) - known)] + [
        f"the keyword `{key}` is used {number} times: use it once"
        for key, number in sorted(count.items())
        if number > 1
    ]


def _as_grouped(data: GroupsInput) -> GroupsOutput:
    """Keep the groups: they come from the planner's own engine already."""
    return GroupsOutput(
        groups=[
            GroupOut(label=group.label[:100], keywords=[k.keyword for k in group.keywords])
            for group in data.groups
        ]
    )


GENERATE_IDEAS = AIFunction(
    name="planner.generate-ideas",
    input=IdeasInput,
    output=IdeasOutput,
    prompt=_PROMPTS / "generate_ideas.md",
    cost_key="ideas",
    offline=_propose,
    checks=(_ideas_use_given_keywords, _ideas_have_titles_of_their_own),
)
CLUSTER_KEYWORDS = AIFunction(
    name="planner.cluster-keywords",
    input=GroupsInput,
    output=GroupsOutput,
    prompt=_PROMPTS / "cluster_keywords.md",
    cost_key="clustering",
    offline=_as_grouped,
    checks=(_groups_are_complete,),
)
