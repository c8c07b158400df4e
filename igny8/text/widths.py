"""How wide a title is in search results: Arial at 20 pixels. Nothing is drawn here."""

from __future__ import annotations

import unicodedata

FONT_PIXELS = 20

# Advance widths of Arial in thousandths of the font size, by width.
_BY_WIDTH = {
    191: "'",
    222: "ijl‘’",
    260: "|",
    278: " !,./:;I[\\]ft\u00a0",
    333: "()-`r“”·",
    334: "{}",
    350: "•",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvsxyz",
    556: "#$0123456789?L_abdeghnopqu–«»",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…",
    1015: "@",
}
_WIDTHS = {character: width for width, line in _BY_WIDTH.items() for character in line}
_FULL_WIDTH_FROM = "\u2e80"


def pixels(text: str) -> int:
    """Return the width of one line of `text` in pixels, rounded half up."""
    thousandths = sum(_WIDTHS.get(character) or _other(character) for character in text)
    return (thousandths * FONT_PIXELS + 500) // 1000


def _other(character: str) -> int:
    base = unicodedata.normalize("NFD", character)[0]
    if base in _WIDTHS:
        return _WIDTHS[base]
    return 1000 if character >= _FULL_WIDTH_FROM else 556
