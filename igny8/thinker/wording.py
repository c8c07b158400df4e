"""Author profiles and strategies in words, for prompts. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from igny8.thinker.types import Author, Person, Strategy

_PERSONS = {
    Person.I: "Write as I.",
    Person.WE: "Write as we.",
    Person.YOU: "Speak to the reader as you.",
    Person.THIRD: "Write in the third person.",
}


def style(author: Author) -> str:
    """How an author writes, a line each; then who they are and how they sound."""
    lines = [_PERSONS[author.person]]
    lines += [f"Tone: {author.tone}."] if author.tone else []
    if author.sentence_words:
        lines.append(f"Sentences of about {author.sentence_words} words.")
    lines += [f"Spelling: {author.spelling}."] if author.spelling else []
    lines += [f"Never write: {_listed(author.banned)}."] if author.banned else []
    lines += [f"Use where it fits: {_listed(author.required)}."] if author.required else []
    about = [author.role, author.bio, *author.credentials]
    known = "; ".join(part for part in about if part)
    lines += [f"The author, {author.name}: {known}"] if known else []
    lines += [f"A sample of the author's writing: {sample}" for sample in author.samples]
    return "\n".join(lines)


def strategy(plan: Strategy) -> str:
    """What is laid down for pieces of a kind, a line each."""
    lines = [f"Structure: {plan.structure}."] if plan.structure else []
    lines += [f"Tone: {plan.tone}."] if plan.tone else []
    if plan.required_sections:
        lines.append(f"Required sections: {_listed(plan.required_sections)}.")
    lines += [f"About {plan.words} words."] if plan.words else []
    return "\n".join(lines)


def _listed(terms: Iterable[str]) -> str:
    return ", ".join(terms)
