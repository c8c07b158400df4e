"""A page made ready to be judged: parsed, split, counted once. Judging is not done here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from igny8.optimizer import keyphrase, page, prose, readability
from igny8.optimizer.document import Anchor, Block, Document
from igny8.optimizer.keyphrase import Topic
from igny8.optimizer.languages import Language, language
from igny8.optimizer.prose import Sentence
from igny8.optimizer.types import PageInput
from igny8.text.words import stem


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a page by where they lead; fragments and other schemes are neither."""

    internal: tuple[Anchor, ...]
    outbound: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as read; everything that more than one check needs."""

    page: PageInput
    document: Document
    language: Language
    keyphrase: Topic | None
    synonyms: tuple[Topic, ...]
    by_block: tuple[tuple[Block, tuple[Sentence, ...]], ...]
    sentences: tuple[Sentence, ...]
    """Those with words."""
    stems: tuple[tuple[str, ...], ...]
    """Of the words of each of `sentences`."""
    stop_count: int
    """All sentences, those without a word included."""
    word_count: int
    part_count: int
    """Words with the parts of compounds counted: what the keyphrase density is a share of."""
    section_counts: tuple[int, ...]
    keyphrase_count: int
    passive: readability.PassiveCount
    transition_count: int
    links: Links

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The keyphrase and its synonyms."""
        return (self.keyphrase, *self.synonyms) if self.keyphrase else ()

    @property
    def paragraph_counts(self) -> list[tuple[int, Block]]:
        """The words of each block that is no heading."""
        return [
            (sum(len(sentence.words) for sentence in sentences), block)
            for block, sentences in self.by_block
            if not block.level
        ]

    @property
    def long_sentences(self) -> list[Sentence]:
        """Sentences above the limit of the language."""
        limit = self.language.sentence_limit
        return [sentence for sentence in self.sentences if len(sentence.words) > limit]


def read(page_input: PageInput) -> Reading:
    """Read a page once for all checks."""
    lang = language(page_input.locale)
    document = page.read(page_input.text_html)
    wanted = keyphrase.topic(page_input.keyphrase, lang)
    synonyms = (keyphrase.topic(text, lang) for text in page_input.synonyms)
    by_block = tuple((block, tuple(prose.sentences(block, lang))) for block in document.blocks)
    every = tuple(sentence for _, its in by_block for sentence in its)
    sentences = tuple(sentence for sentence in every if sentence.words)
    return Reading(
        page=page_input,
        document=document,
        language=lang,
        keyphrase=wanted,
        synonyms=tuple(found for found in synonyms if found) if wanted else (),
        by_block=by_block,
        sentences=sentences,
        stems=tuple(
            tuple(stem(word.form, lang.code) for word in sentence.words) for sentence in sentences
        ),
        stop_count=len(every),
        word_count=prose.flow_word_count(document.flow),
        part_count=sum(prose.part_count(sentence.words) for sentence in sentences),
        section_counts=tuple(prose.flow_word_count(part.text) for part in document.sections),
        keyphrase_count=sum(keyphrase.count(wanted, one) for one in sentences) if wanted else 0,
        passive=readability.passive_count(document, lang),
        transition_count=readability.with_transition(sentences, lang),
        links=_links(document, page_input.permalink),
    )


def is_followed(anchor: Anchor) -> bool:
    """Whether search engines are asked to follow a link."""
    return "nofollow" not in anchor.rel


def _links(document: Document, permalink: str) -> Links:
    own_host = (urlsplit(permalink).hostname or "") if permalink else ""
    internal: list[Anchor] = []
    outbound: list[Anchor] = []
    for anchor in document.anchors:
        if anchor.href is None or anchor.href.startswith("#"):
            continue
        href = anchor.href.strip()
        scheme, host = _scheme_and_host(href)
        if host is None:
            continue
        if scheme in {"", "http", "https"}:
            (internal if host in {"", own_host} else outbound).append(anchor)
    return Links(tuple(internal), tuple(outbound))


def _scheme_and_host(href: str) -> tuple[str, str | None]:
    """Return scheme and host, "" where they are left out; host None for what cannot be read."""
    try:
        parts = urlsplit(href)
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return "", None
