"""Sentences: where they begin and end in plain text of Latin languages. Words live in `words`."""

from __future__ import annotations

import re

# Titles, written with a capital: a name follows.
_TITLES = frozenset(
    str.split("""
    Adm Brig Capt Cmdr Cpl Dr Drs Fr Gen Gov Hon Hr Hrn Lt Maj Messrs Mgr Mlle Mlles Mme Mmes Mr Mrs
    Ms Mt Mx Pres Prof Rep Rev Sen Sgt Supt Frl Mevr Dra Sra Sres Srta Ud Uds Arch Avv Dott Egr Gent
    Ing On Sig Sigg Spett
    """)
)
# What these announce follows.
_ANNOUNCING = frozenset(
    str.split("""
    approx asst attn cf dhr eg esp excl ie incl misc resp viz vs
    bspw bzgl bzw evtl ggf inkl insb sog tgl vgl zzgl bijv mevr
    """)
)
# These end a sentence only when a word that begins sentences comes next.
_NAMING = frozenset(
    str.split("""
    ave blvd bros cie co corp dept dist gmbh inc jr llc ltd natl phd plc pty rd sr srl st ste univ
    apr aug dec feb jan jul jun nov oct sep sept thu thur thurs tue tues
    """)
)
# A number follows these, or they are ordinary words that end the sentence.
_NUMBERING = frozenset(
    str.split("""
    abb abs al art b bd c ca ch chap cap d ed eq fig figs kap max min n nb no nos nr num núm p pag
    pág págs par pg pp para ref s sec sect tel v ver vol vols z
    """)
)
_TIMES = frozenset({"ad", "am", "bc", "bce", "ce", "pm"})
_OPENERS = frozenset(
    str.split("""
    a after all also although an and another any are as at because before both but by can could
    did do does during each even every few finally first for from furthermore had has have he her
    here his how however i if in instead is it its let many meanwhile more moreover most my never
    nevertheless next no nobody not nothing now of often on once one only or other our perhaps
    please she should since so some sometimes still such that the their then there therefore these
    they this those though thus to today together under unless until use was we were what when
    where whether which while who why will with would yes yet you your
    aber als auch das dass der die dies diese doch ein eine er es für im in ist man mit nach sie
    so und von was wenn wie wir
    au aux avec ce ces cette dans des elle elles en est et il ils je la le les mais nous on ou par
    pour que qui sur un une vous
    al como con cuando de del el ella en eso esta este la las lo los no para pero por que se si sin
    su un una y
    che con da dal della di e gli i il lo ma nel non per se si sono un
    de dit een en het hij maar met naar niet om op van voor wat we wij zij ze
    """)
)
_AFTER_ORDINALS = frozenset(
    str.split("""
    januar jänner februar märz april mai juni juli august september oktober november dezember
    jahrhundert jahrhunderts quartal
    """)
)

_END = re.compile(
    r"(?P<mark>[.!?…]+)(?P<closers>[\"'”’»›)\]}]*)(?=\s|$)"
    r"|(?P<wide>[。！？]+[」』”’）]*)"
    r"|(?P<blank>\n[^\S\n]*\n)"
)
_TOKEN = re.compile(r"[^\s(\[{\"'“‘«»„—–/]+$")
_NEXT = re.compile(r"[\s\"'“‘„«‹(\[{¿¡#$€£¥—–-]*(?P<word>[^\W_]+(?:['’][^\W_]+)*)?")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
# Longer than any abbreviation; looking back further would make long lines slow.
_LOOK_BACK = 40


def split(text: str) -> list[str]:
    """Return the sentences of plain text, trimmed, in order."""
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) offsets of each sentence, without the white space around it.

    A blank line always ends a sentence, a single line break never does.
    """
    found = []
    start = 0
    for match in _END.finditer(text):
        if match["mark"] and not _ends(text, start, match):
            continue
        if match["blank"] is None or text[start : match.start()].strip():
            found.append(_trimmed(text, start, match.end()))
        start = match.end()
    if text[start:].strip():
        found.append(_trimmed(text, start, len(text)))
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Say whether the mark that `match` found ends the sentence that began at `start`."""
    following = _NEXT.match(text, match.end())
    word = following["word"] if following else None
    if following is None or word is None:
        return True
    if word[0].islower() and not _is_brand(word):
        return False
    if match["mark"] != "." or match["closers"]:
        return True
    token = _TOKEN.search(text, max(start, match.start() - _LOOK_BACK), match.start())
    if token is None:
        return True
    if token[0].isdigit() and not text[start : token.start()].strip():
        return False  # the number of a list item
    is_initial = len(word) == 1 and text[following.end() : following.end() + 1] == "."
    return _ends_between(token[0], word, begins=word.lower() in _OPENERS and not is_initial)


def _ends_between(token: str, word: str, *, begins: bool) -> bool:
    """Say whether `token`, a full stop and `word` are in two sentences.

    `begins` says that `word` is one that often begins a sentence.
    """
    bare = token.replace(".", "").lower()
    if token.isdigit():
        return len(token) > 2 or word.lower() not in _AFTER_ORDINALS
    if bare in _NUMBERING and word[0].isdigit():
        return False
    if bare in _ANNOUNCING or token in _TITLES:
        return False
    if "." in token and bare in _TIMES:
        return True
    is_letter = len(token) == 1 and token.isalpha()
    return begins or not (is_letter or bare in _NAMING or _DOTTED.fullmatch(token))


def _is_brand(word: str) -> bool:
    """Say whether a word such as iPhone or eBay stands for a capital."""
    return any(letter.isupper() for letter in word[1:3])
