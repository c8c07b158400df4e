"""Ideas for a cluster without a model: title, angle, outline. Storing and writing them is not here.

Titles and headings are made of the cluster's keywords and of what the business says it has; they
promise prices, steps or answers only where a subject has them.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from igny8.text import vectors, words


@dataclass(frozen=True, slots=True)
class Subject:
    """Something the business has knowledge of: the title, kind, terms of a knowledge file.

    `sections` are its headings in order, each with what fills it: fact, step, spec or qa.
    """

    title: str
    kind: str
    terms: tuple[str, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    has_price: bool = False


@dataclass(frozen=True, slots=True)
class Business:
    """What ideas may rest on. `places` are the areas served, the most important one first;
    `spellings` says how names are written (`leeds` → `Leeds`).
    """

    subjects: tuple[Subject, ...] = ()
    places: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class TargetKeyword:
    """A keyword of the cluster. `volume` is searches a month, None when unknown."""

    text: str
    volume: int | None = None
    intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetCluster:
    """The keywords that belong together, and the names of the cluster and of its topic."""

    label: str
    keywords: tuple[TargetKeyword, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A planned section. `kind` is the record kind it wants: fact, step, spec or qa."""

    heading: str
    terms: tuple[str, ...]
    kind: str
    words: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """An idea before it is stored. The first target keyword is the focus keyphrase.

    `subject` is the business's own name for what it is about, empty where it knows nothing of it;
    `covered_by` an earlier title on that very subject: two pages would share their few facts.
    """

    title: str
    angle: str
    entity_type: str
    outline: tuple[OutlineSection, ...]
    target_keywords: tuple[str, ...]
    questions: tuple[str, ...]
    estimated_words: int
    subject: str = ""
    covered_by: str = ""


_TITLE_MAX = 60
_MIN_COVERAGE = 0.55
_RELATED = 0.4
_MOSTLY = 0.6
_VOTERS = 12
_BUDGETS = {"fact": 120, "step": 110, "spec": 70, "qa": 150}
_INTRODUCTION = 70
_TERMS = 8
_OFFERS = ("service", "product")
_QUESTION = re.compile(
    r"(?:how (?:much|many|long|often|high|far|big|do|does|can|should|is|are)|what|why|when|where|"
    r"which|who|can|is|are|do|does|should|will)\b"
)
_ASKED = re.compile(
    r"(?:how (?:much|many|long|often|high|far|big) (?:\w+ ){0,2}?|(?:\w+ ){1,2}?)"
    r"(?:do|does|did|can|should|is|are|will|was|am)\b|(?:can|is|are|do|does|should|will) "
)
_INSTRUCTION = re.compile(r"(?:how|when|where|what) to ")
_VERSUS = re.compile(r" (?:vs\.?|versus|or) ")
_COST = re.compile(r"\b(?:cost|costs|price|prices|pricing)\b")
_NEAR_ME = re.compile(r"\s*\b(?:near me|nearby|near by|close to me)\b\s*")
_TROUBLE = re.compile(
    r"\b(?:not \w+ing|keeps? \w+ing(?: off)?|squeaking|slipping|rubbing|creaking|knocking|"
    r"squealing|leaking|loose|stiff|noise|creak|spongy|"
    r"notchy|bent|buckled|cracked|broken|stuck|pain|numb)\b"
)
_VERBS = frozenset(
    str.split(
        "adjust apply bleed book bring build buy change charge check choose clean compare convert "
        "cook create cut design draw find fit fix get grow hire install learn lock make measure "
        "move order paint pick plan prepare protect remove rent repair replace reset return ride "
        "sell service set sharpen start stop store tighten train true tune upgrade use wash write"
    )
)
_DETERMINERS = frozenset(
    str.split(
        "a an the my your our their his her its this that these those to from of in on for at"
    )
)
_UNCOUNTED = frozenset(
    str.split(
        "repair maintenance storage insurance sealant oil grease equipment advice information "
        "care safety software furniture clothing wear luggage work help weather"
    )
)
_ACRONYMS = {"uk": "UK", "usa": "USA", "diy": "DIY", "faq": "FAQ", "seo": "SEO", "vat": "VAT"}
_INFORMATIONAL = "informational"

_TITLES: dict[str, tuple[tuple[str, str], ...]] = {
    # What a pattern needs, the pattern; X is the phrase, P the place, `many` a phrase that needs
    # no article inside a sentence.
    "service": (
        ("place", "{X} in {P}"),
        ("place price", "{X} in {P}: prices and what is included"),
        ("place", "{X} in {P}: what to expect"),
        ("place qa", "{X} in {P}: your questions answered"),
        ("price", "{X}: prices and what is included"),
        ("step price", "{X}: the work and the price"),
        ("step", "{X}: how it works"),
        ("", "{X}: what to know before you book"),
        ("qa", "{X}: common questions answered"),
    ),
    "product": (
        ("price", "{X}: features, fit and price"),
        ("spec price", "{X}: specification and price"),
        ("", "{X}: what to know before you buy"),
        ("qa", "{X}: details and common questions"),
        ("spec", "{X}: the full specification"),
        ("", "{X}"),
    ),
    "page": (
        ("place", "{X} in {P}"),
        ("", "{X}: what to know"),
        ("qa", "{X}: your questions answered"),
        ("", "{X} at a glance"),
        ("", "{X}"),
    ),
    "taxonomy": (
        ("", "{X}: the range compared"),
        ("", "{X}: how to choose"),
        ("", "{X}: our range"),
        ("", "{X}"),
    ),
    "instruction": (
        ("step", "{X}, step by step"),
        ("", "{X}"),
        ("step", "{X}: a step-by-step guide"),
        ("", "{X}: a practical guide"),
        ("", "{X} the right way"),
    ),
    "question": (("", "{X}?"),),
    "versus": (
        ("", "{X}: how to choose"),
        ("", "{X}: the differences that matter"),
        ("", "{X}: which is right for you?"),
    ),
    "cost": (
        ("", "{X} explained"),
        ("", "{X}: what you pay for"),
        ("", "{X}: what to expect"),
    ),
    "best": (
        ("", "The {x}: what to look for"),
        ("", "How to choose the {x}"),
        ("", "Choosing the {x}"),
    ),
    "trouble": (
        ("", "{X}: causes and what to do"),
        ("", "{X}: how to find the cause"),
        ("", "{X}: what it means and what helps"),
        ("", "{X}: where to look first"),
    ),
    "noun": (
        ("", "{X} explained"),
        ("", "{X}: a practical guide"),
        ("many", "What to know about {x}"),
        ("qa", "{X}: common questions answered"),
        ("step", "{X}, step by step"),
        ("", "{X}: the essentials"),
        ("many", "A practical guide to {x}"),
    ),
}
_ANGLES = {
    "service": (
        "Help someone who is ready to book decide, by saying what is done and what it takes.",
        "Say plainly what the customer gets, so that nobody has to ring up to find out.",
        "Take a booking decision from first question to last, using the business's own facts.",
    ),
    "product": (
        "Let the facts of the product answer what a careful buyer asks.",
        "Say who it suits and who it does not, from the business's own specification.",
    ),
    "page": (
        "Give visitors who know the business what they came for, without a detour.",
        "Put what people ask about most in one place.",
    ),
    "taxonomy": ("Compare the range, so that a buyer can narrow it down alone.",),
    "post": (
        "Answer the searcher's problem first and leave the offer for the end.",
        "Explain the matter the way someone who does it every day would.",
        "Give readers enough to act on their own, and to know when not to.",
    ),
}


def ideate(
    cluster: TargetCluster,
    business: Business,
    *,
    owned: Collection[str] = (),
    titles: Collection[str] = (),
) -> tuple[Proposal, ...]:
    """Propose one idea for a cluster, or two where it mixes people who ask and people who buy.

    `owned` are keywords that other ideas target, `titles` the titles there are: no proposal takes
    a keyword or a title that is taken. A cluster whose keywords are all taken gives none.
    """
    taken = {_normal(keyword) for keyword in owned}
    unique = {_normal(k.text): k for k in reversed(cluster.keywords) if k.text.strip()}
    free = sorted(
        (keyword for key, keyword in unique.items() if key not in taken),
        key=lambda keyword: (-(keyword.volume or 0), keyword.text),
    )
    plans = [_Plan(cluster, group, asks, business) for asks, group in _groups(free)]
    if len(plans) == 2 and not _carry_two_pages(plans):
        asks = plans[1].volume > _MOSTLY * (plans[0].volume + plans[1].volume)
        plans = [_Plan(cluster, free, asks, business)]
    proposals: list[Proposal] = []
    known_titles = list(titles)
    for plan in plans:
        spent = {section.heading for proposal in proposals for section in proposal.outline}
        proposals.append(plan.proposal(known_titles, spent))
        known_titles.append(proposals[-1].title)
    return tuple(proposals)


def ideate_all(clusters: Iterable[TargetCluster], business: Business) -> tuple[Proposal, ...]:
    """Propose ideas for many clusters; no keyword and no title comes twice."""
    proposals: list[Proposal] = []
    for cluster in clusters:
        owned = [keyword for proposal in proposals for keyword in proposal.target_keywords]
        titles = [proposal.title for proposal in proposals]
        proposals += ideate(cluster, business, owned=owned, titles=titles)
    return tuple(proposals)


def _groups(
    keywords: Sequence[TargetKeyword],
) -> list[tuple[bool, list[TargetKeyword]]]:
    """Part keywords into those that ask and those that buy, when both carry weight."""
    asking = [keyword for keyword in keywords if _asks(keyword)]
    buying = [keyword for keyword in keywords if not _asks(keyword)]
    if not keywords:
        return []
    few, many = sorted((asking, buying), key=len)
    total = sum(keyword.volume or 1 for keyword in keywords)
    weight = sum(keyword.volume or 1 for keyword in few) / total
    if few and ((len(few) >= 2 and weight >= 0.15) or (len(many) >= 2 and weight >= 0.35)):
        return [(False, buying), (True, asking)]
    return [(sum(k.volume or 1 for k in asking) > _MOSTLY * total, list(keywords))]


def _carry_two_pages(plans: Sequence[_Plan]) -> bool:
    """Say whether there is enough to tell on both: two thin pages on one subject help nobody."""
    buying, asking = plans
    if buying.main is None or asking.main is None:
        return True
    first = {section.heading for section in buying.outline(())}
    left = [
        heading
        for subject in asking.subjects
        for heading, kind in subject.sections
        if kind in ("fact", "step") and heading not in first
    ]
    return asking.main != buying.main and len(left) >= 3


def _asks(keyword: TargetKeyword) -> bool:
    text = _normal(keyword.text)
    if _INSTRUCTION.match(text) or (_VERSUS.search(text) and not _COST.search(text)):
        return True
    if keyword.intents:
        return keyword.intents[0] == _INFORMATIONAL
    return bool(_QUESTION.match(text) or _TROUBLE.search(text))


class _Index:
    """The subjects of a business, to be found by a keyword or a title."""

    def __init__(self, business: Business) -> None:
        self._language = words.base_language(business.locale)
        self.place_stems = {s for place in business.places for s in self._stems(place)}
        documents = []
        for subject in business.subjects:
            headings = (heading for heading, _ in subject.sections)
            text = " ".join((*[subject.title] * 3, *subject.terms, *subject.terms, *headings))
            documents.append(self._stems(text))
        self._documents = [frozenset(document) for document in documents]
        self._titles = [frozenset(self._stems(subject.title)) for subject in business.subjects]
        self._bm25 = vectors.Bm25(documents)
        self._idf = vectors.idf(documents)
        self._rarest = max(self._idf.values(), default=1.0) + 1.0

    def scores(self, text: str) -> list[float]:
        """Return a score a subject; one whose very name says all of `text` gains half."""
        topic = self._topic(text)
        return [
            score * (1.5 if title.issuperset(topic) else 1.0)
            for score, title in zip(self._bm25.scores(topic), self._titles, strict=True)
        ]

    def coverage(self, text: str, nth: int) -> float:
        """Return how much of `text` the subject holds, by rarity, 0..1."""
        weights = [
            (self._idf.get(s, self._rarest), s in self._documents[nth]) for s in self._topic(text)
        ]
        total = sum(weight for weight, _ in weights)
        return sum(weight for weight, held in weights if held) / total if total else 0.0

    def nearest(self, title: str) -> int | None:
        """Return the number of the subject a title speaks of, None if of none."""
        head = title.split(":")[0]
        scores = self.scores(head)
        nth = max(range(len(scores)), key=lambda i: (scores[i], -i), default=None)
        is_near = nth is not None and self.coverage(head, nth) >= _MIN_COVERAGE
        return nth if is_near else None

    def _topic(self, text: str) -> list[str]:
        return [stem for stem in self._stems(text) if stem not in self.place_stems]

    def _stems(self, text: str) -> list[str]:
        return words.content_stems(text, self._language)


class _Plan:
    """One idea in the making: whom it is for, what it may use."""

    def __init__(
        self,
        cluster: TargetCluster,
        keywords: Sequence[TargetKeyword],
        asks: bool,
        business: Business,
    ) -> None:
        self.cluster = cluster
        self.keywords = keywords
        self.asks = asks
        self.business = business
        self.volume = sum(keyword.volume or 1 for keyword in keywords)
        self.language = words.base_language(business.locale)
        self.index = _Index(business)
        self.place_stems = self.index.place_stems
        self.subjects = self._subjects()
        self.main = self.subjects[0] if self.subjects else None
        self.focus = self._focus()
        self.entity_type = self._entity_type()

    def proposal(self, titles: Sequence[str], spent: Collection[str]) -> Proposal:
        """Put the idea together, with no title of `titles` and no heading of `spent`."""
        outline = self.outline(spent)
        ordered = [self.focus, *(k.text for k in self.keywords if k.text != self.focus)]
        questions = [self._question(text) for text in ordered if self._is_question(text)]
        return Proposal(
            title=self._title(titles),
            angle=_chosen(_ANGLES[self.entity_type], self.focus + self.cluster.label),
            entity_type=self.entity_type,
            outline=outline,
            target_keywords=tuple(ordered),
            questions=tuple(questions[:4]),
            estimated_words=_INTRODUCTION + sum(section.words for section in outline),
            subject=self.main.title if self.main is not None else "",
            covered_by=self._covered_by(titles),
        )

    def _covered_by(self, titles: Sequence[str]) -> str:
        if self.main is None:
            return ""
        nth = self.business.subjects.index(self.main)
        return next((title for title in titles if self.index.nearest(title) == nth), "")

    def _stems(self, text: str) -> list[str]:
        return words.content_stems(text, self.language)

    def _subjects(self) -> list[Subject]:
        """Return the subjects the keywords speak of, the nearest first."""
        votes = dict.fromkeys(range(len(self.business.subjects)), 0.0)
        for keyword in self.keywords[:_VOTERS]:
            scores = self.index.scores(keyword.text)
            best = max(scores, default=0.0)
            for nth, score in enumerate(scores):
                if best > 0 and self._may_be_meant(nth, keyword.text):
                    votes[nth] += math.log(10 + (keyword.volume or 0)) * score / best
        ranked = sorted(votes, key=lambda nth: (-votes[nth], self.business.subjects[nth].title))
        return [
            self.business.subjects[nth]
            for nth in ranked[:4]
            if votes[nth] >= _RELATED * votes[ranked[0]] > 0
            and self._mean_coverage(nth) >= _MIN_COVERAGE
        ]

    def _may_be_meant(self, nth: int, text: str) -> bool:
        """Say whether a keyword may be about a subject: about a person only by name."""
        subject = self.business.subjects[nth]
        return subject.kind != "person" or set(self._stems(subject.title)) <= set(self._stems(text))

    def _mean_coverage(self, nth: int) -> float:
        """Return how much of the leading keywords a subject holds, the better half of them."""
        shares = sorted(
            (self.index.coverage(keyword.text, nth) for keyword in self.keywords[:6]), reverse=True
        )
        half = shares[: (len(shares) + 1) // 2]
        return sum(half) / len(half) if half else 0.0

    def _focus(self) -> str:
        """Choose the keyword to write for: much searched, and said the way people speak."""

        def worth(keyword: TargetKeyword) -> tuple[float, str]:
            text = _normal(keyword.text)
            value = math.log(10 + (keyword.volume or 0))
            if self.asks and (_INSTRUCTION.match(text) or _ASKED.match(text)):
                value *= 1.3
            if self.main and self._core(text)[0] in map(_normal, self.main.terms):
                value *= 1.2
            if self.main is not None:
                nth = self.business.subjects.index(self.main)
                value *= 0.1 + self.index.coverage(text, nth)
            if len(text.split()) > 7 or (_INSTRUCTION.match(text) and not self.asks):
                value *= 0.7
            return -value, keyword.text

        return min(self.keywords, key=worth).text

    def _entity_type(self) -> str:
        head = set(self._stems(self._core(_normal(self.focus))[0]))
        products = [
            subject
            for subject in self.business.subjects
            if subject.kind == "product" and head and head <= set(self._stems(subject.title))
        ]
        if self.asks or _INSTRUCTION.match(_normal(self.focus)):
            return "post"
        if len(products) >= 3:
            return "taxonomy"
        if self.main is not None:
            if self.main.kind in _OFFERS:
                return self.main.kind
            return "post" if self.main.kind in ("guide", "area") else "page"
        return "page"

    def outline(self, spent: Collection[str]) -> tuple[OutlineSection, ...]:
        """Plan the sections, leaving out the business's headings in `spent`."""
        chosen: list[tuple[str, str, Subject | None]] = []
        for nth, near in enumerate(self.subjects[: 3 if self.entity_type == "post" else 1]):
            most = 3 if nth == 0 else 1
            chosen += [(h, k, near) for h, k in self._sections(near, most, nth == 0, spent)]
        if not chosen:
            chosen = [(heading, "fact", None) for heading in self._keyword_headings()]
        order = ("fact", "step", "spec", "qa")
        chosen.sort(key=lambda section: order.index(section[1]))
        seen: set[str] = set()
        sections = []
        for heading, kind, subject in chosen:
            if _normal(heading) not in seen:
                seen.add(_normal(heading))
                terms = self._terms(heading, subject)
                sections.append(OutlineSection(heading, terms, kind, _BUDGETS[kind]))
        return tuple(sections)

    def _sections(
        self, subject: Subject, most: int, is_main: bool, spent: Collection[str]
    ) -> list[tuple[str, str]]:
        """Choose headings of a subject: prose near the keywords, and one list of each kind."""
        wanted = {stem for keyword in self.keywords for stem in self._stems(keyword.text)}
        fresh = [section for section in subject.sections if section[0] not in spent]
        prose = [section for section in fresh if section[1] == "fact"]
        near = sorted(
            range(len(prose)),
            key=lambda i: (-len(wanted & set(self._stems(prose[i][0]))), i),
        )[:most]
        picked = [prose[i] for i in sorted(near)]
        kinds = ("step", "spec", "qa") if is_main else ()
        for kind in kinds:
            picked += [section for section in fresh if section[1] == kind][:1]
        return picked

    def _keyword_headings(self) -> list[str]:
        """Make headings of the cluster's own keywords, one a thing that is asked for."""
        headings: list[str] = []
        seen = [set(self._stems(self.focus))]
        for keyword in self.keywords:
            stems = {s for s in self._stems(keyword.text) if s not in self.place_stems}
            if stems and all(len(stems - other) > 0 for other in seen):
                seen.append(stems)
                text = keyword.text
                heading = self._question(text) if self._is_question(text) else self._phrase(text)
                headings.append(heading)
        return headings[:4] or [self._phrase(self.focus)]

    def _terms(self, heading: str, subject: Subject | None) -> tuple[str, ...]:
        """Return up to eight terms that lead to a section's facts, the nearest first."""
        stems = set(self._stems(heading))
        own = [keyword.text for keyword in self.keywords]
        own += [term for term in (subject.terms if subject else ()) if term not in own]
        ranked = sorted(range(len(own)), key=lambda i: (-len(stems & set(self._stems(own[i]))), i))
        return tuple(own[i] for i in ranked[:_TERMS])

    def _title(self, titles: Sequence[str]) -> str:
        taken = {_normal(title) for title in titles}
        core, place = self._core(_normal(self.focus))
        form, phrase = self._form(core, titles)
        values = {"X": phrase, "x": _lowered(phrase, self.business.spellings), "P": place}
        patterns = _TITLES[form] if self.language == "en" else (("", "{X}"),)
        has = self._has(place, phrase)
        fitting = []
        for needs, pattern in patterns:
            title = pattern.format_map(values)
            is_free = len(title) <= _TITLE_MAX and _normal(title) not in taken
            if is_free and has.issuperset(needs.split()):
                tail = pattern.rpartition("}")[2]
                often = sum(other.endswith(tail) for other in titles) if tail else 0
                fitting.append((often, _hash(core + pattern), title))
        return min(fitting)[2] if fitting else self._last_resort(phrase, taken)

    def _last_resort(self, phrase: str, taken: Collection[str]) -> str:
        for keyword in self.keywords:
            title = _clipped(self._phrase(keyword.text))
            if _normal(title) not in taken:
                return title
        count = 2
        while _normal(f"{_clipped(phrase, _TITLE_MAX - 4)} ({count})") in taken:
            count += 1
        return f"{_clipped(phrase, _TITLE_MAX - 4)} ({count})"

    def _form(self, core: str, titles: Sequence[str]) -> tuple[str, str]:
        """Return the family of title patterns that suits the keyword, and the phrase for them."""
        if self.entity_type != "post":
            subject = self._subject_title(core, titles)
            return self.entity_type, subject or self._written(core)
        if self._is_question(core):
            return "question", self._question(core).removesuffix("?")
        if _INSTRUCTION.match(core):
            return "instruction", self._written(_with_article(core))
        if core.split()[0] in _VERBS and len(core.split()) > 1:
            return "instruction", self._written(_with_article(f"how to {core}"))
        if _VERSUS.search(core):
            return "versus", self._written(core)
        if core.startswith("best "):
            return "best", self._written(core)
        if _COST.search(core):
            bare = " ".join(_COST.sub(" ", core).split())
            return "cost", self._written(f"{bare} prices" if bare else core)
        return ("trouble" if _TROUBLE.search(core) else "noun"), self._written(core)

    def _subject_title(self, core: str, titles: Sequence[str]) -> str:
        """Return the business's own name for the thing, unless another page has it."""
        if self.main is None or self.entity_type not in (*_OFFERS, "page"):
            return ""
        title = self.main.title
        missing = set(self._stems(core)) - set(self._stems(" ".join((title, *self.main.terms))))
        is_used = any(_normal(other).startswith(_normal(title)) for other in titles)
        return "" if missing or is_used else title

    def _has(self, place: str, phrase: str) -> set[str]:
        """Return what a title may promise."""
        has = {kind for subject in self.subjects[:1] for _, kind in subject.sections}
        if self.main is not None and self.main.has_price:
            has.add("price")
        if _needs_no_article(phrase.split()[-1]):
            has.add("many")
        names_place = set(self._stems(phrase)) & self.place_stems
        return has | ({"place"} if place and not names_place else set())

    def _core(self, text: str) -> tuple[str, str]:
        """Part a keyword into the thing and the place: `bike service leeds`, `plumber near me`."""
        bare = _NEAR_ME.sub(" ", text).strip()
        default = self.business.places[0] if self.business.places else ""
        for place in sorted(self.business.places, key=len, reverse=True):
            name = place.lower()
            for pattern in (
                rf"^(?P<core>.+?)(?: in| near)? {re.escape(name)}$",
                rf"^{re.escape(name)} (?P<core>.+)$",
            ):
                found = re.match(pattern, bare)
                if found and self._stands_alone(found["core"]):
                    return self._trimmed(found["core"]), place
        is_local = bare != text or self._happens_somewhere
        return self._trimmed(bare or text), default if is_local else ""

    @property
    def _happens_somewhere(self) -> bool:
        """Say whether the nearest subject is a service, which happens somewhere."""
        return self.main is not None and self.main.kind == "service"

    def _stands_alone(self, core: str) -> bool:
        """Say whether a place may be cut off: not from `otley chevin` or `leeds to saltaire`."""
        places = (place.lower() for place in self.business.places)
        names = "|".join(map(re.escape, sorted({*self.business.spellings, *places, "to"})))
        return not re.match(rf"(?:{names})\b|.*\b(?:{names}|and|near|of)$", core)

    def _trimmed(self, core: str) -> str:
        """Drop an edge word that the business's terms do without: `notchy steering bike`."""
        terms = {_normal(term) for subject in self.subjects for term in subject.terms}
        parts = core.split()
        if core in terms or len(parts) < 3 or _INSTRUCTION.match(core):
            return core
        for shorter in (" ".join(parts[:-1]), " ".join(parts[1:])):
            if shorter in terms:
                return shorter
        return core

    def _is_question(self, text: str) -> bool:
        return bool(_ASKED.match(_normal(text)) and _QUESTION.match(_normal(text)))

    def _question(self, text: str) -> str:
        return self._written(_normal(text).rstrip("?")) + "?"

    def _phrase(self, text: str) -> str:
        core, place = self._core(_normal(text))
        core = _with_article(core) if _INSTRUCTION.match(core) else core
        phrase = self._written(core)
        return f"{phrase} in {place}" if place and place.lower() in _normal(text) else phrase

    def _written(self, text: str) -> str:
        """Write a keyword as the business would: its names, and a capital at the start."""
        spellings = {p.lower(): p for p in self.business.places} | dict(self.business.spellings)
        for name, spelling in sorted({**_ACRONYMS, **spellings}.items(), key=lambda x: -len(x[0])):
            if name in text.lower():
                text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", spelling, text, flags=re.I)
        return text[:1].upper() + text[1:]


def _with_article(text: str) -> str:
    """Give a bare singular its article: `how to tighten bike headset`."""
    found = re.match(r"((?:how|when|where|what) to \S+) (.+)$", text)
    if found is None:
        return text
    head, rest = found[1], found[2]
    first = rest.split()[0]
    noun = re.split(r" (?:in|on|at|for|from|with|over|to|of|without) ", rest)[0].split()[-1]
    if first in _DETERMINERS or _needs_no_article(noun):
        return text
    return f"{head} {'an' if first[0] in 'aeiou' else 'a'} {rest}"


def _needs_no_article(noun: str) -> bool:
    is_plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is"))
    return is_plural or noun in _UNCOUNTED or noun.endswith(("ing", "ly"))


def _lowered(phrase: str, spellings: Mapping[str, str]) -> str:
    first = phrase.split(" ", 1)[0]
    keeps = first.isupper() or spellings.get(first.lower()) == first or any(map(str.isdigit, first))
    return phrase if keeps else phrase[:1].lower() + phrase[1:]


def _clipped(text: str, limit: int = _TITLE_MAX) -> str:
    return text if len(text) <= limit else text[: limit + 1].rsplit(" ", 1)[0][:limit]


def _normal(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def _chosen(options: Sequence[str], seed: str) -> str:
    return options[int(_hash(seed)[:8], 16) % len(options)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
