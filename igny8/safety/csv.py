"""The door for CSV that people open in a spreadsheet: cells that would run as formulas do not."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[\s\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*(?:[eE][-+]?[0-9]+)?%?")


def cell(value: object) -> str:
    """Return the text of one cell: "" for None, `true`/`false`, otherwise `str(value)`.

    Text that a spreadsheet would run gets a leading apostrophe; numbers, negative too, stay.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
