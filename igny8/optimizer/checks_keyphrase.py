"""Checks K1 to K9 and T1 of `igny8_score`: where the keyphrase and its cluster's words stand."""

from __future__ import annotations

from igny8.optimizer import keyphrase, yoast_compat
from igny8.optimizer.reading import Reading
from igny8.optimizer.types import Gate
from igny8.optimizer.verdicts import Verdict, plural, shown, steps
from igny8.text.words import content_stems


def keyphrase_set(reading: Reading) -> Verdict:
    """K1: there is a keyphrase, of one to four content words."""
    if reading.keyphrase is None:
        return Verdict(
            0,
            "the page has no keyphrase",
            "choose the phrase that the page should be found by",
            gate=Gate("K1", "warn", "the page has no keyphrase"),
        )
    length = reading.keyphrase.length
    score = 1.0 if length <= 4 else 0.5 if length <= 8 else 0.0
    return Verdict(
        score,
        f"the keyphrase has {plural(length, 'content word')}",
        "" if score == 1 else "use one to four content words",
    )


def in_title(reading: Reading) -> Verdict | None:
    """K2."""
    if reading.keyphrase is None:
        return None
    score = {9: 1.0, 6: 0.5}.get(yoast_compat.score_of(reading, "keyphraseInSEOTitle") or 0, 0.0)
    where = {1.0: "begins the SEO title", 0.5: "stands in the SEO title, not at its start"}
    return Verdict(
        score,
        f"the keyphrase {where.get(score, 'is missing from the SEO title')}",
        "" if score == 1 else f"begin the SEO title with “{reading.keyphrase.text}”",
    )


def in_introduction(reading: Reading) -> Verdict | None:
    """K3."""
    if reading.keyphrase is None:
        return None
    score = {9: 1.0, 6: 0.5}.get(yoast_compat.score_of(reading, "introductionKeyword") or 0, 0.0)
    where = {1.0: "stands in one sentence", 0.5: "is spread over several sentences"}
    block = reading.document.introduction
    return Verdict(
        score,
        f"the keyphrase {where.get(score, 'is missing')}"
        f"{' from' if score == 0 else ' of'} the introduction",
        "" if score == 1 else "name the topic in one sentence of the first paragraph",
        (block.source(0, len(block.text)),) if block and score < 1 else (),
    )


def density(reading: Reading) -> Verdict | None:
    """K4: by stems, so that `pie` and `pies` count alike."""
    if reading.keyphrase is None or not reading.part_count:
        return None
    count = sum(_stem_hits(reading))
    found = yoast_compat.density(count, reading.part_count, reading.keyphrase.length)
    message = f"the keyphrase or a form of it stands {plural(count, 'time')} ({found:.1f} %)"
    places = shown(
        span
        for sentence in reading.sentences
        for span in keyphrase.occurrences(reading.keyphrase, sentence)
    )
    if count == 0:
        return Verdict(0, message, "use the keyphrase where the text speaks of it")
    if count == 1:
        return Verdict(0.5, message, "come back to the topic by its name", places)
    if count == 2 or found <= 3.5:
        low = found < 0.5 and count > 2
        return Verdict(0.5 if low else 1, message, "use it a little more" if low else "", places)
    gate = Gate("K4", "blocked", "the keyphrase is stuffed") if found > 4 else None
    return Verdict(0, message, "replace some of them by other words", places, gate)


def distribution(reading: Reading) -> Verdict | None:
    """K5: no long stretch of sentences without the topic."""
    hits = _stem_hits(reading)
    if reading.keyphrase is None or len(hits) < 15:
        return None
    some = [found > 0 for found in hits]
    longest = keyphrase.longest_gap(some)
    score = 1.0 if longest < 0.3 else 0.5 if longest <= 0.5 else 0.0
    return Verdict(
        score,
        f"the longest stretch without the keyphrase is {longest:.0%} of the text",
        "" if score == 1 else "name the topic in that stretch too",
    )


def in_subheadings(reading: Reading) -> Verdict | None:
    """K6: in some of the H2 and H3, not in all."""
    headings = [block for block in reading.document.headings if block.level in {2, 3}]
    if not reading.topics or not headings:
        return None
    hits = [
        block
        for block in headings
        if any(keyphrase.share_in(topic, block.text) > 0.5 for topic in reading.topics)
    ]
    total, found = len(headings), len(hits)
    near = any(yoast_compat.is_in_band(number, total) for number in (found - 1, found, found + 1))
    score = 1.0 if yoast_compat.is_in_band(found, total) else 0.5 if near and found else 0.0
    return Verdict(
        score,
        f"{found} of {plural(total, 'subheading')} name the topic",
        "" if score == 1 else "let 30 to 75 % of the H2 and H3 name the topic",
        shown(block.source(0, len(block.text)) for block in hits) if score < 1 else (),
    )


def in_slug(reading: Reading) -> Verdict | None:
    """K7."""
    if reading.keyphrase is None or reading.page.is_front_page:
        return None
    is_good = yoast_compat.score_of(reading, "slugKeyword") == 9
    return Verdict(
        float(is_good),
        "the slug has the keyphrase" if is_good else "the slug lacks the keyphrase",
        "" if is_good else "put the keyphrase's words into the slug before publishing",
    )


def in_description(reading: Reading) -> Verdict | None:
    """K8."""
    if reading.keyphrase is None:
        return None
    is_good = yoast_compat.score_of(reading, "metaDescriptionKeyword") == 9
    return Verdict(
        float(is_good),
        "the description names the keyphrase"
        if is_good
        else "the description does not name the keyphrase once or twice",
        "" if is_good else "use the keyphrase once in the description",
    )


def in_alt_texts(reading: Reading) -> Verdict | None:
    """K9."""
    if reading.keyphrase is None or not reading.document.pictures:
        return None
    is_good = yoast_compat.score_of(reading, "imageKeyphrase") == 9
    return Verdict(
        float(is_good),
        "alt texts name the topic" if is_good else "too few or too many alt texts name the topic",
        "" if is_good else "name the topic in the alt text of the picture that shows it",
        () if is_good else shown(picture.span for picture in reading.document.pictures),
    )


def supporting_keywords(reading: Reading) -> Verdict | None:
    """T1: the words of the page's cluster, by stems."""
    wanted = reading.page.site.supporting_keywords
    if not wanted:
        return None
    present = {stem for stems in reading.stems for stem in stems}
    locale = reading.page.locale
    missing = [text for text in wanted if not present.issuperset(content_stems(text, locale))]
    share = 1 - len(missing) / len(wanted)
    return Verdict(
        steps(share, 0.7, 0.4),
        f"{len(wanted) - len(missing)} of {len(wanted)} supporting keywords are covered",
        f"cover “{missing[0]}”" if share < 0.7 else "",
    )


def _stem_hits(reading: Reading) -> list[int]:
    """Return for each sentence how often all stems of the keyphrase stand in it."""
    topic = reading.keyphrase
    if topic is None:
        return []
    if topic.is_exact:
        return [keyphrase.count(topic, sentence) for sentence in reading.sentences]
    wanted = content_stems(topic.text, reading.page.locale) or [min(forms) for forms in topic.words]
    return [min(stems.count(stem) for stem in wanted) for stems in reading.stems]
