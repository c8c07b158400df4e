"""Checks L, I, E, A and F of `igny8_score`: links, images, trust, answers, place in the site."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

from igny8.optimizer import yoast_compat
from igny8.optimizer.document import Anchor, Block
from igny8.optimizer.reading import Reading, is_followed
from igny8.optimizer.types import Gate
from igny8.optimizer.verdicts import Verdict, plural, shown, steps
from igny8.text.html import RESERVED_IDS
from igny8.text.words import content_stems

_GENERIC_ANCHORS = frozenset(
    phrase.strip()
    for phrase in """
    here, this, link, more, page, website, read, details, source, click here, read more,
    learn more, see more, find out more, this page, this article, this link, more details,
    view more, go here, see here
    """.split(",")
)
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)", re.IGNORECASE)
_ALT_LIMIT = 125
_DEFINES = re.compile(r"\b(?:is|are|means?|refers? to|consists? of|takes?|costs?|needs?)\b")
_QUESTION = re.compile(
    r"(?:who|what|when|where|why|how|which|can|does|do|is|are|should|will)\b", re.IGNORECASE
)
_DANGLING = frozenset(
    str.split("this that these those it they he she such its their here therefore thus also")
)
_FACT = re.compile(
    r"\d[\d.,]*\s?(?:%|percent|°[CF]?|[kKmMcG]?m\b|[kmµ]?g\b|km/h|mph|mm\b|cm\b|kg\b|lbs?\b|oz\b|ml\b"
    r"|l\b|k?[wW]h?\b|V\b|bar\b|psi\b|hours?\b|minutes?\b|days?\b|weeks?\b|months?\b|years?\b)"
    r"|[$€£¥]\s?\d|\d\s?(?:USD|EUR|GBP)\b"
    r"|\b(?:1[5-9]|20)\d{2}\b|\b\d{1,2}\s(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b|\baccording to\b"
)


def links_out(reading: Reading) -> Verdict | None:
    """L1: two to eight internal links per 1,000 words, one of them followed."""
    if not reading.word_count:
        return None
    links = _internal(reading)
    found, rate = len(links), 1000 * len(links) / reading.word_count
    is_list_page = reading.page.entity_type in {"taxonomy", "collection"}
    if not found or (rate > 15 and found > 2 and not is_list_page):
        score = 0.0
    elif found == 1 or not any(map(is_followed, links)) or rate < 2:
        score = 0.5
    else:
        score = 1.0 if rate <= 8 or found == 2 or is_list_page else 0.5
    few = found < 2 or rate < 2
    return Verdict(
        score,
        f"{plural(found, 'internal link')} in {plural(reading.word_count, 'word')}",
        "" if score == 1 else "link to pages that go further" if few else "keep the best links",
        shown(anchor.span for anchor in links) if score < 1 and not few else (),
    )


def broken_links(reading: Reading) -> Verdict | None:
    """L2: links to missing pages (as the site knows) and to missing places of this page."""
    known = reading.page.site.broken_links
    jumps = [a for a in reading.document.anchors if _fragment(a)]
    dead = [a for a in jumps if _fragment(a) not in reading.document.ids | RESERVED_IDS]
    if known is None and not jumps:
        return None
    broken = [*(known or ()), *(f"#{_fragment(anchor)}" for anchor in dead)]
    if not broken:
        return Verdict(1, "no internal link is broken")
    message = f"{plural(len(broken), 'broken link')}: {broken[0]}"
    places = [
        anchor.span
        for anchor in reading.document.anchors
        if anchor in dead or (anchor.href and anchor.href in (known or ()))
    ]
    gate = Gate("L2", "blocked", message)
    return Verdict(0, message, "mend or remove them", shown(places), gate)


def inbound_links(reading: Reading) -> Verdict | None:
    """L3."""
    found = reading.page.site.inbound_count
    if found is None:
        return None
    return Verdict(
        steps(found, 3, 1),
        f"{plural(found, 'page')} link here" if found else "no page links here: an orphan",
        "" if found >= 3 else "link here from related pages",
    )


def anchor_texts(reading: Reading) -> Verdict | None:
    """L4: anchors say where they lead, and none gives this page's keyphrase away."""
    anchors = [anchor for anchor in reading.document.anchors if anchor.text.strip()]
    if not anchors:
        return None
    generic = [
        a for a in anchors if " ".join(a.text.lower().split()).strip(" .»›→") in _GENERIC_ANCHORS
    ]
    competing = yoast_compat.competing_links(reading)
    is_clear = len(generic) <= 0.1 * len(anchors)
    fixes = [] if is_clear else ["let anchors say where they lead"]
    if competing:
        fixes.append("link other pages by other words than this page's keyphrase")
    return Verdict(
        (is_clear + (not competing)) / 2,
        f"{plural(len(generic), 'generic anchor')}, {len(competing)} of this page's keyphrase",
        "; ".join(fixes),
        shown(anchor.span for anchor in (*generic, *competing)) if fixes else (),
    )


def outbound_links(reading: Reading) -> Verdict | None:
    """L5."""
    links = _outbound(reading)
    followed = any(map(is_followed, links))
    score = 1.0 if followed else 0.5 if links else 0.0
    return Verdict(
        score,
        plural(len(links), "outbound link"),
        "" if followed else "link to a source that readers can trust",
    )


def click_depth(reading: Reading) -> Verdict | None:
    """L6."""
    depth = reading.page.site.click_depth
    if depth is None:
        return None
    score = 0.0 if depth < 0 or depth > 5 else 1.0 if depth <= 3 else 0.5
    far = "unreachable from the front page" if depth < 0 else f"{depth} clicks from the front page"
    return Verdict(score, far, "" if score == 1 else "link here from nearer pages")


def cluster_links(reading: Reading) -> Verdict | None:
    """L7."""
    site = reading.page.site
    if site.has_pillar_link is None or site.has_sibling_link is None:
        return None
    missing = [
        name
        for name, has_one in (("pillar", site.has_pillar_link), ("sibling", site.has_sibling_link))
        if not has_one
    ]
    return Verdict(
        1 - len(missing) / 2,
        f"no link to a {' or '.join(missing)} page" if missing else "the cluster is linked",
        f"link to the {missing[0]} page" if missing else "",
    )


def images(reading: Reading) -> Verdict:
    """I1."""
    found = len(reading.document.pictures)
    wanted = 4 if reading.page.entity_type == "product" else 1
    score = 1.0 if found >= wanted else 0.5 if found else 0.0
    return Verdict(score, plural(found, "image"), "" if score == 1 else "add pictures that show it")


def alt_texts(reading: Reading) -> Verdict | None:
    """I2."""
    pictures = reading.document.pictures
    if not pictures:
        return None
    bad = [
        picture
        for picture in pictures
        if not (picture.alt or "").strip()
        or len(picture.alt or "") > _ALT_LIMIT
        or _FILE_NAME.fullmatch((picture.alt or "").strip())
    ]
    share = 1 - len(bad) / len(pictures)
    return Verdict(
        1.0 if not bad else steps(share, 1, 0.8),
        f"{len(pictures) - len(bad)} of {plural(len(pictures), 'image')} have a good alt text",
        f"describe each picture in at most {_ALT_LIMIT} characters" if bad else "",
        shown(picture.span for picture in bad),
    )


def author(reading: Reading) -> Verdict | None:
    """E1."""
    site = reading.page.site
    if site.author is None:
        return None
    score = 0.0 if not site.author else 1.0 if site.has_author_page else 0.5
    message = f"by {site.author}" if site.author else "no author is named"
    return Verdict(score, message, "" if score == 1 else "name an author who has a page")


def dates(reading: Reading) -> Verdict | None:
    """E2: published and modified, in that order."""
    site = reading.page.site
    if site.published_on is None or site.modified_on is None:
        return None
    both = bool(site.published_on and site.modified_on)
    if both and site.modified_on < site.published_on:
        return Verdict(0, "modified before it was published", "correct the dates")
    score = 1.0 if both else 0.5 if site.published_on or site.modified_on else 0.0
    return Verdict(score, "the page has its dates" if both else "a date is missing",
                   "" if both else "show when the page was published and changed")  # fmt: skip


def sources(reading: Reading) -> Verdict | None:
    """E3: one outbound link per 500 words, to two domains at least."""
    links = _outbound(reading)
    domains = {_host(anchor) for anchor in links}
    wanted = max(1, round(reading.word_count / 500))
    score = 1.0 if len(links) >= wanted and len(domains) >= 2 else 0.5 if links else 0.0
    return Verdict(
        score,
        f"{plural(len(links), 'source')} of {plural(len(domains), 'domain')}",
        "" if score == 1 else "name a source for each claim that is not your own",
    )


def direct_answer(reading: Reading) -> Verdict | None:
    """A1: a sentence of at most 60 words that says what the keyphrase is, early on."""
    if reading.keyphrase is None or reading.language.code != "en" or not reading.sentences:
        return None
    wanted = content_stems(reading.keyphrase.text, reading.page.locale)
    seen = 0
    for sentence, stems in zip(reading.sentences, reading.stems, strict=True):
        if sentence.block.level:
            continue
        if seen >= 300:
            break
        is_answer = (
            len(sentence.words) <= 60
            and set(wanted) <= set(stems)
            and _DEFINES.search(sentence.text.lower())
        )
        if is_answer:
            score = 1.0 if seen + len(sentence.words) <= 120 else 0.5
            fix = "" if score == 1 else "move the answer into the first 120 words"
            return Verdict(score, "the text answers directly", fix, (sentence.span,))
        seen += len(sentence.words)
    return Verdict(
        0, "no early sentence says what the topic is", "define or answer it in one early sentence"
    )


def answered_questions(reading: Reading) -> Verdict | None:
    """A2: question headings followed by an answer of 30 to 60 words."""
    if not reading.document.headings:
        return None
    counts = {id(block): count for count, block in reading.paragraph_counts}
    good: list[Block] = []
    blocks = reading.document.blocks
    for block, following in pairwise(blocks):
        is_question = block.level > 1 and (
            block.text.rstrip().endswith("?") or _QUESTION.match(block.text.strip())
        )
        if is_question and 30 <= counts.get(id(following), 0) <= 60:
            good.append(block)
    return Verdict(
        steps(len(good), 2, 1),
        f"{plural(len(good), 'question heading')} with a short answer",
        "" if len(good) >= 2 else "answer a question heading in 30 to 60 words",
        shown(block.source(0, len(block.text)) for block in good),
    )


def checkable_facts(reading: Reading) -> Verdict | None:
    """A3: numbers with a unit, dates, named sources."""
    if reading.word_count < 100:
        return None
    places = [
        block.source(*match.span())
        for block in reading.document.blocks
        for match in _FACT.finditer(block.text)
    ]
    rate = 200 * len(places) / reading.word_count
    return Verdict(
        steps(rate, 1, 0.5),
        plural(len(places), "checkable fact"),
        "" if rate >= 1 else "give numbers with units, dates, named sources",
        shown(places),
    )


def sections_alone(reading: Reading) -> Verdict | None:
    """A4: sections that can be read alone, for their first word is no reference back."""
    openings = [
        (sentences[0], block)
        for (before, _), (block, sentences) in pairwise(reading.by_block)
        if before.level and not block.level and sentences and sentences[0].words
    ]
    if reading.language.code != "en" or not openings:
        return None
    dangling = [first for first, _ in openings if first.words[0].form in _DANGLING]
    share = 1 - len(dangling) / len(openings)
    return Verdict(
        steps(share, 0.8, 0.6),
        f"{len(openings) - len(dangling)} of {plural(len(openings), 'section')} read alone",
        "" if share >= 0.8 else "open sections with the thing itself, not “this” or “it”",
        shown(sentence.span for sentence in dangling),
    )


def nearest_neighbour(reading: Reading) -> Verdict | None:
    """F1."""
    found = reading.page.site.nearest_similarity
    if found is None:
        return None
    message = f"the most similar page shares {found:.0%} of its phrases"
    return Verdict(
        1.0 if found < 0.3 else 0.5 if found < 0.5 else 0.0,
        message,
        "" if found < 0.3 else "say what only this page can say, or merge the two",
        gate=Gate("F1", "blocked", message) if found >= 0.8 else None,
    )


def keyphrase_owner(reading: Reading) -> Verdict | None:
    """F2."""
    others = reading.page.site.keyphrase_owner_count
    if others is None:
        return None
    message = f"{plural(others, 'other page')} for the same keyphrase"
    return Verdict(
        1.0 if not others else 0.5 if others == 1 else 0.0,
        message,
        "merge them, or give each its own keyphrase" if others else "",
        gate=Gate("F2", "warn", f"cannibalisation: {message}") if others >= 2 else None,
    )


def lists_children(reading: Reading) -> Verdict:
    """C1: a taxonomy or collection links to what it holds."""
    found = len(_internal(reading))
    return Verdict(
        float(found >= 2),
        f"{plural(found, 'link')} to its items",
        "" if found >= 2 else "link to the items of this group",
    )


def _internal(reading: Reading) -> list[Anchor]:
    hosts = {host.lower() for host in reading.page.internal_hosts}
    own = [anchor for anchor in reading.links.outbound if _host(anchor) in hosts]
    return [*reading.links.internal, *own]


def _outbound(reading: Reading) -> list[Anchor]:
    hosts = {host.lower() for host in reading.page.internal_hosts}
    return [anchor for anchor in reading.links.outbound if _host(anchor) not in hosts]


def _host(anchor: Anchor) -> str:
    return urlsplit(anchor.href or "").hostname or ""


def _fragment(anchor: Anchor) -> str:
    """Return the place of this page that a link leads to, "" for other links."""
    href = anchor.href or ""
    return href[1:] if href.startswith("#") else ""
