"""What somebody who types a keyword wants: rules and cue words (English). A file's word beats them.

Cue words of other languages are not known here: such keywords come back without a kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from igny8.text import words

INFORMATIONAL = "informational"
NAVIGATIONAL = "navigational"
COMMERCIAL = "commercial"
TRANSACTIONAL = "transactional"
KINDS = (INFORMATIONAL, NAVIGATIONAL, COMMERCIAL, TRANSACTIONAL)

# A cue is a run of words; `^` binds it to the start of the keyword.
_CUES = {
    TRANSACTIONAL: frozenset({
        "near me", "nearby", "near by", "where to buy", "where can i buy", "where to get",
        "for sale", "buy", "^order", "order online", "^book", "book a", "book online", "booking",
        "hire", "rent", "rental", "rentals", "coupon", "coupons", "promo code", "discount code",
        "voucher", "vouchers", "discount", "discounts", "deal", "deals", "cheap", "cheapest",
        "price", "prices", "pricing", "quote", "quotes", "free delivery", "next day delivery",
        "same day", "open now", "emergency", "supplier", "suppliers", "wholesale", "download",
        "subscribe", "subscription", "free trial", "shop", "shops", "stores",
        "clearance", "sale",
    }),
    COMMERCIAL: frozenset({
        "best", "^top", "top rated", "vs", "versus", "compare", "compared", "comparison",
        "alternative", "alternatives", "review", "reviews", "recommended", "worth it", "or",
        "^which", "cost", "costs", "affordable", "difference between", "pros and cons",
    }),
    INFORMATIONAL: frozenset({
        "^how", "^what", "^why", "^when", "^who", "^where", "^does", "^did", "^is", "^are",
        "^should", "^can i", "^can you", "^can a", "^can an", "^can my", "^can the", "^can we",
        "^do i", "^do you", "^do my", "^will a", "^will my", "^will the", "how to", "what is",
        "meaning", "definition", "guide", "guides", "tutorial", "tips", "ideas", "examples",
        "checklist", "explained", "diy", "step by step", "instructions", "history of", "causes",
        "symptoms", "learn", "benefits", "types of", "facts", "calculator", "chart", "problems",
        "difference between", "law", "rules", "routes", "map", "weather", "things to do",
    }),
    NAVIGATIONAL: frozenset({
        "login", "log in", "sign in", "my account", "customer service number", "phone number",
        "contact number", "email address", "opening times", "opening hours", "official site",
        "official website", "head office", "www",
    }),
}  # fmt: skip
_NEARNESS = frozenset({"near", "nearby", "closest", "nearest", "local", "in my area", "open now"})
_BUYER_ASKS = frozenset({"where to buy", "where can i buy", "where to get"})
_LONGEST_CUE = 4
_ADDRESS = re.compile(r"(?:^|\s)[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|de|fr|uk)(?=$|[\s/])")


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wanted: `kinds` in the order of KINDS, none where nothing tells; `cue` is what does.

    `is_branded`: one of the given brands is named. `is_local`: a place or nearness is.
    """

    kinds: tuple[str, ...]
    cue: str | None
    is_branded: bool
    is_local: bool


def classify(keyword: str, brands: Collection[str] = (), places: Collection[str] = ()) -> Intent:
    """Tell the intent of `keyword`; `brands` and `places` are names as people write them.

    A brand makes a keyword navigational. A place makes it transactional unless its words say
    something else (`plumber leeds` wants one, `history of leeds` does not).
    """
    tokens = [token.removesuffix("'s") for token in words.tokens(keyword)]
    runs = _runs(tokens)
    brand = _named(tokens, brands)
    place = _named(tokens, places) or _first(runs, _NEARNESS)
    cues = {kind: _first(runs, _CUES[kind]) for kind in KINDS}
    if _first(runs, _BUYER_ASKS):
        cues[INFORMATIONAL] = None
    address = _ADDRESS.search(keyword.casefold())
    if cues[NAVIGATIONAL] is None:
        cues[NAVIGATIONAL] = brand or (address[0].strip() if address else None)
    if not any(cues.values()):
        cues[TRANSACTIONAL] = place
    shown = (cues[kind] for kind in (TRANSACTIONAL, COMMERCIAL, INFORMATIONAL, NAVIGATIONAL))
    return Intent(
        kinds=tuple(kind for kind in KINDS if cues[kind]),
        cue=next((cue for cue in shown if cue), None),
        is_branded=brand is not None,
        is_local=place is not None,
    )


def _runs(tokens: Sequence[str]) -> list[str]:
    """Return every run of words, the longest first; those at the start a second time, with `^`."""
    found = []
    for size in range(min(_LONGEST_CUE, len(tokens)), 0, -1):
        found.append("^" + " ".join(tokens[:size]))
        found += [" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]
    return found


def _first(runs: Sequence[str], cues: Collection[str]) -> str | None:
    return next((run.removeprefix("^") for run in runs if run in cues), None)


def _named(tokens: Sequence[str], names: Collection[str]) -> str | None:
    """Return the longest of `names` whose words stand together in `tokens`."""
    text = f" {' '.join(tokens)} "
    spelled = (" ".join(t.removesuffix("'s") for t in words.tokens(name)) for name in names)
    found = [name for name in spelled if name and f" {name} " in text]
    return max(sorted(found), key=len, default=None)
