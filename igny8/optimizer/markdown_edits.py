"""Edits of a Markdown body that change no word: heading levels, long paragraphs, alt texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from igny8.optimizer.verdicts import plural
from igny8.text import sentences, words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_PARAGRAPH = 150
_LONGEST_ALT = 125
_DEEPEST_HEADING = 6

# Splitting inside these would break them.
_INLINE = re.compile(
    r"(`+).+?\1"
    r"|!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?"
    r"|<[^>]+>"
    r"|(\*\*|__|~~|\*|_)(?=\S).+?(?<=\S)\2",
    re.DOTALL,
)
_TARGET = re.compile(r"(!?\[[^\]]*\])\([^)]*\)")
_DESCRIBED = re.compile(
    r"(?P<code>(?P<ticks>`+)[^\n]*?(?P=ticks))"
    r"|(?P<figure><figure\b.*?</figure>)"
    r"""|!\[(?P<alt>[^\]]*)\]\([^()\s]+(?:\s+(?:"(?P<title>[^"]*)"|'(?P<single>[^']*)'))?\)"""
    r"(?:[ \t]*\n(?:[ \t]*\n)?[ \t]*(?P<mark>[*_])(?P<caption>[^*_\n]+)(?P=mark)[ \t]*(?=\n|\Z))?",
    re.DOTALL | re.IGNORECASE,
)
_FIGURE_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_FIGURE_CAPTION = re.compile(r"<figcaption\b[^>]*>(.*?)</figcaption>", re.DOTALL | re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Edit:
    """A body after one kind of edit, and what was done ("" for nothing)."""

    body: str
    change: str = ""


def level_headings(body: str) -> Edit:
    """Give headings levels without skips; of several H1 each becomes an H2."""
    headings = [token for token in _tokens(body) if token.type == "heading_open" and token.map]
    levels = _levels([int(token.tag[1]) for token in headings])
    lines = body.split("\n")
    changed = 0
    for token, level in zip(headings, levels, strict=True):
        if level != int(token.tag[1]):
            changed += _set_level(lines, token, level)
    if not changed:
        return Edit(body)
    return Edit(
        "\n".join(line for line in lines if line != _GONE),
        f"{plural(changed, 'heading')} moved to the level that follows the one above",
    )


# A line that a heading no longer needs; no text holds this character alone.
_GONE = "\x00"


def _levels(old: list[int]) -> list[int]:
    """Return new levels: as deep as their place in the tree, so that siblings stay siblings."""
    has_many_h1 = old.count(1) > 1
    above: list[tuple[int, int]] = []
    new = []
    for level in old:
        while above and above[-1][0] >= level:
            above.pop()
        if level == 1 and not has_many_h1:
            found = 1
        else:
            found = min((above[-1][1] if above else 1) + 1, _DEEPEST_HEADING)
        above.append((level, found))
        new.append(found)
    return new


def _set_level(lines: list[str], token: Token, level: int) -> bool:
    first, end = token.map or [0, 0]
    if token.markup.startswith("#"):
        indent, _, rest = lines[first].partition(token.markup)
        lines[first] = f"{indent}{'#' * level}{rest}"
        return True
    if end - first != 2:
        return False
    lines[first] = f"{'#' * level} {lines[first].strip()}"
    lines[first + 1] = _GONE
    return True


def split_paragraphs(body: str) -> Edit:
    """Split paragraphs of more than 150 words where a sentence ends."""
    lines = body.split("\n")
    split = 0
    for token in reversed(_tokens(body)):
        if token.type != "paragraph_open" or token.level or not token.map:
            continue
        first, end = token.map
        text = "\n".join(lines[first:end]).rstrip()
        pieces = _pieces(text)
        if len(pieces) > 1:
            split += 1
            lines[first:end] = "\n\n".join(pieces).split("\n")
    if not split:
        return Edit(body)
    said = f"{plural(split, 'long paragraph')} split at the end of a sentence"
    return Edit("\n".join(lines), said)


def _pieces(text: str) -> list[str]:
    total = _word_count(text)
    if total <= LONGEST_PARAGRAPH:
        return [text]
    masked = _INLINE.sub(lambda match: re.sub(r"[^\n]", "x", match[0]), text)
    wanted = total / -(-total // LONGEST_PARAGRAPH)
    pieces, start, count = [], 0, 0
    for sentence_start, sentence_end in sentences.spans(masked):
        size = _word_count(text[sentence_start:sentence_end])
        is_full = count >= wanted or count + size > LONGEST_PARAGRAPH
        if count and is_full and _is_paragraph(text[sentence_start:]):
            pieces.append(text[start:sentence_start].rstrip())
            start, count = sentence_start, 0
        count += size
    pieces.append(text[start:])
    return pieces if all(map(_is_paragraph, pieces)) else [text]


def _word_count(text: str) -> int:
    return words.count(_TARGET.sub(r"\1", text))


def _is_paragraph(text: str) -> bool:
    """Whether Markdown reads a piece as one paragraph and not, say, as a list."""
    tokens = _tokens(text)
    return len(tokens) == 3 and tokens[0].type == "paragraph_open"


def describe_images(body: str, *, has_markdown: bool = True) -> Edit:
    """Give images without an alt text that of their caption; HTML has only its figures."""
    blocks = _tokens(body) if has_markdown else []
    code = [token.map for token in blocks if token.type in {"fence", "code_block"} and token.map]
    starts = [0]
    for line in body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    fenced = [(starts[first], starts[end]) for first, end in code]
    done = 0

    def describe(match: re.Match[str]) -> str:
        nonlocal done
        if any(start <= match.start() < end for start, end in fenced):
            return match[0]
        if match["figure"]:
            described = _describe_figure(match[0])
        else:
            described = _describe_image(match) if has_markdown else match[0]
        done += described != match[0]
        return described

    described = _DESCRIBED.sub(describe, body)
    return Edit(described, f"{plural(done, 'alt text')} taken from captions" if done else "")


def _describe_image(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    caption = _caption(match["caption"] or match["title"] or match["single"] or "")
    alt = match["alt"].strip()
    if not caption or (alt and not _FILE_NAME.fullmatch(alt)):
        return match[0]
    return f"![{caption}]{match[0].partition(']')[2]}"


def _describe_figure(figure: str) -> str:
    images, captions = _FIGURE_IMAGE.findall(figure), _FIGURE_CAPTION.findall(figure)
    caption = _caption(re.sub(r"<[^>]*>", "", captions[0])) if len(captions) == 1 else ""
    if len(images) != 1 or not caption:
        return figure
    alt = _ALT.search(images[0])
    written = f' alt="{caption.replace("&", "&amp;").replace(chr(34), "&quot;")}"'
    if alt is None:
        described = images[0][:4] + written + images[0][4:]
    elif (alt[1] or alt[2] or "").strip():
        return figure
    else:
        described = images[0][: alt.start()] + written + images[0][alt.end() :]
    return figure.replace(images[0], described)


def _caption(text: str) -> str:
    """Return a caption fit to be an alt text: one line, no marks, whole words."""
    line = " ".join(re.sub(r"[\[\]*_`<>]", "", text).split())
    if len(line) <= _LONGEST_ALT:
        return line
    return line[: _LONGEST_ALT + 1].rpartition(" ")[0].rstrip(",;:–- ")


def _tokens(text: str) -> list[Token]:
    return _parser().parse(text)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # here, so that the command line starts without it

    return MarkdownIt("commonmark", {"html": True}).enable("table")
