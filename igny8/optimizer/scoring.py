"""The analyzer: both numbers of a page, findings, gates. What a check looks at is in `checks_*`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from igny8.optimizer import (
    checks_keyphrase,
    checks_page,
    checks_schema,
    checks_text,
    reading,
    yoast_compat,
)
from igny8.optimizer.reading import Reading
from igny8.optimizer.types import Analysis, Finding, PageInput, Status
from igny8.optimizer.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id, what it weighs in the sum, its function (None: does not apply)."""

    id: str
    weight: int
    run: Callable[[Reading], Verdict | None]
    only_for: frozenset[str] = frozenset()
    not_for: frozenset[str] = frozenset()

    def applies_to(self, entity_type: str) -> bool:
        """Whether pages of this type have the check."""
        return entity_type not in self.not_for and (
            not self.only_for or entity_type in self.only_for
        )


_PRODUCT = frozenset({"product"})
_LIST_PAGES = frozenset({"taxonomy", "collection"})

CHECKS = (
    Check("K1", 2, checks_keyphrase.keyphrase_set),
    Check("K2", 4, checks_keyphrase.in_title),
    Check("K3", 3, checks_keyphrase.in_introduction),
    Check("K4", 3, checks_keyphrase.density),
    Check("K5", 2, checks_keyphrase.distribution, not_for=_LIST_PAGES),
    Check("K6", 2, checks_keyphrase.in_subheadings, not_for=_LIST_PAGES),
    Check("K7", 2, checks_keyphrase.in_slug),
    Check("K8", 2, checks_keyphrase.in_description),
    Check("K9", 1, checks_keyphrase.in_alt_texts, not_for=_LIST_PAGES),
    Check("M1", 3, checks_text.title_width),
    Check("M2", 3, checks_text.description_length),
    Check("M3", 2, checks_text.unique_head),
    Check("M4", 1, checks_text.slug_form),
    Check("T1", 4, checks_keyphrase.supporting_keywords),
    Check("S1", 4, checks_text.length),
    Check("S2", 2, checks_text.heading_levels),
    Check("S3", 2, checks_text.section_length),
    Check("S4", 2, checks_text.paragraph_length),
    Check("S5", 1, checks_text.lists, not_for=_LIST_PAGES),
    Check("S6", 1, checks_text.table_of_contents, not_for=_LIST_PAGES),
    Check("R1", 2, checks_text.sentence_length),
    Check("R2", 2, checks_text.passive),
    Check("R3", 1, checks_text.transitions),
    Check("R4", 1, checks_text.beginnings, not_for=_PRODUCT),
    Check("R5", 2, checks_text.reading_ease),
    Check("R6", 1, checks_text.complex_words),
    Check("L1", 3, checks_page.links_out, not_for=_PRODUCT),
    Check("L2", 3, checks_page.broken_links),
    Check("L3", 2, checks_page.inbound_links),
    Check("L4", 1, checks_page.anchor_texts),
    Check("L5", 1, checks_page.outbound_links, not_for=_PRODUCT),
    Check("L6", 1, checks_page.click_depth),
    Check("L7", 1, checks_page.cluster_links),
    Check("I1", 2, checks_page.images, not_for=_LIST_PAGES),
    Check("I2", 2, checks_page.alt_texts, not_for=_LIST_PAGES),
    Check("D1", 2, checks_schema.parses),
    Check("D2", 2, checks_schema.required),
    Check("D3", 2, checks_schema.recommended),
    Check("D4", 1, checks_schema.visible),
    Check("E1", 2, checks_page.author),
    Check("E2", 1, checks_page.dates),
    Check("E3", 2, checks_page.sources, not_for=_LIST_PAGES),
    Check("A1", 2, checks_page.direct_answer),
    Check("A2", 1, checks_page.answered_questions, not_for=_LIST_PAGES),
    Check("A3", 1, checks_page.checkable_facts),
    Check("A4", 1, checks_page.sections_alone),
    Check("F1", 2, checks_page.nearest_neighbour),
    Check("F2", 1, checks_page.keyphrase_owner),
    Check("C1", 3, checks_page.lists_children, only_for=_LIST_PAGES),
)

# Where each of Yoast's assessments lives in our own score; "" for what is only advice.
COVERED_BY = {
    "introductionKeyword": "K3",
    "keyphraseLength": "K1",
    "keyphraseDensity": "K4",
    "metaDescriptionKeyword": "K8",
    "metaDescriptionLength": "M2",
    "subheadingsKeyword": "K6",
    "textCompetingLinks": "L4",
    "imageKeyphrase": "K9",
    "images": "I1",
    "textLength": "S1",
    "externalLinks": "L5",
    "internalLinks": "L1",
    "keyphraseInSEOTitle": "K2",
    "titleWidth": "M1",
    "slugKeyword": "K7",
    "functionWordsInKeyphrase": "",
    "singleH1": "S2",
    "subheadingsTooLong": "S3",
    "textParagraphTooLong": "S4",
    "textSentenceLength": "R1",
    "textTransitionWords": "R3",
    "passiveVoice": "R2",
    "textPresence": "S1",
    "sentenceBeginnings": "R4",
}


def analyze(page: PageInput) -> Analysis:
    """Judge one page; the same input gives the same result, with no network and no AI."""
    read = reading.read(page)
    findings: list[Finding] = []
    gates = []
    skipped = []
    for check in CHECKS:
        verdict = check.run(read) if check.applies_to(page.entity_type) else None
        if verdict is None:
            skipped.append(check.id)
            continue
        findings.append(_finding(check, verdict))
        if verdict.gate:
            gates.append(verdict.gate)
    return Analysis(
        yoast_compat=yoast_compat.assess(read),
        igny8_score=_weighted(findings),
        findings=tuple(sorted(findings, key=lambda finding: finding.id)),
        gates=tuple(sorted(gates, key=lambda gate: gate.id)),
        skipped=tuple(sorted(skipped)),
    )


def _finding(check: Check, verdict: Verdict) -> Finding:
    status: Status = "good" if verdict.score == 1 else "ok" if verdict.score >= 0.5 else "bad"
    return Finding(
        id=check.id,
        score=verdict.score,
        weight=check.weight,
        status=status,
        message=verdict.message,
        fix=verdict.fix,
        evidence=verdict.evidence,
    )


def _weighted(findings: list[Finding]) -> int:
    """Return the mean of the scores by weight, 0 to 100: checks that do not apply are not in it."""
    total = sum(finding.weight for finding in findings)
    reached = sum(finding.weight * finding.score for finding in findings)
    return math.floor(100 * reached / total + 0.5) if total else 0
