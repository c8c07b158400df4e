"""Markdown to sanitised HTML: one parser, one set of options. Front matter is not Markdown's."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from igny8.safety.html import clean
from igny8.text import html as html_text
from igny8.text.html import Heading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

# Part of the key of stored bodies: raise the last number whenever the HTML for a text changes.
RENDERER_VERSION = "markdown-it-py/4 commonmark+table+strikethrough+footnote+tasks nh3/0.3 igny8/1"

_LONGEST_LABEL = 200
_TASK = re.compile(r"\[([ xX])\](?=\s)")
_BOXES = {" ": "\u2610", "x": "\u2611", "X": "\u2611"}


def render(markdown: str) -> str:
    """Return sanitised HTML of CommonMark with tables, strikethrough, footnotes and task lists.

    HTML in the Markdown stays as far as `safety.html.clean` lets it; every heading has an id.
    Raises InvalidInput for HTML nested beyond reading.
    """
    return html_text.with_heading_ids(clean(_parser().render(markdown)))


def headings(markdown: str) -> tuple[Heading, ...]:
    """Return all headings in their order, with the ids that `render` gives them."""
    return html_text.headings(render(markdown))


def plain(markdown: str) -> str:
    """Return the text that a reader sees, blocks apart by blank lines."""
    return html_text.plain(render(markdown))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # Notes within the line, `^[…]`, take quadratic time: 25 seconds for 16 kB of them.
    parser.use(footnote_plugin, inline=False)
    parser.inline.ruler.before("footnote_ref", "unclosed_note", _pass_unclosed_note)
    parser.core.ruler.push("igny8", _adapt)
    return parser


def _pass_unclosed_note(state: StateInline, silent: bool) -> bool:
    """Take `[^` as text where no label closes soon; the plugin would look through all the rest."""
    start = state.pos
    if not state.src.startswith("[^", start) or "]" in state.src[start : start + _LONGEST_LABEL]:
        return False
    if not silent:
        state.pending += "[^"
    state.pos += 2
    return True


def _adapt(state: StateCore) -> None:
    """Mark task lists, and say by class how cells are aligned: styles do not pass the door."""
    lists: list[Token] = []
    for index, token in enumerate(state.tokens):
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif kind in {"td_open", "th_open"} and "style" in token.attrs:
            style = str(token.attrs.pop("style"))
            token.attrs["class"] = "has-text-align-" + style.removeprefix("text-align:")
        elif kind == "list_item_open" and _check_box(state.tokens[index + 1 : index + 3]):
            token.attrs["class"] = "task-list-item"
            lists[-1].attrs["class"] = "contains-task-list"


def _check_box(opening: list[Token]) -> bool:
    """Turn `[ ]` or `[x]` at the start of a list item into a box that needs no label or script."""
    if len(opening) < 2 or opening[0].type != "paragraph_open" or not opening[1].children:
        return False
    first = opening[1].children[0]
    box = _TASK.match(first.content) if first.type == "text" else None
    if box is None:
        return False
    first.content = _BOXES[box[1]] + first.content[box.end() :]
    return True
