"""A stored body, in either of its formats, as HTML. What the formats mean: `markdown`, `html`."""

from __future__ import annotations

from igny8.core.errors import InvalidInput
from igny8.safety.html import clean
from igny8.text import html, markdown


def body_to_html(body: str, body_format: str) -> str:
    """Return a stored body as sanitised HTML with heading ids; formats are `markdown` and `html`.

    Raises InvalidInput for another format, or HTML that cannot be read.
    """
    if body_format == "markdown":
        return markdown.render(body)
    if body_format == "html":
        return html.with_heading_ids(clean(body))
    raise InvalidInput(f"`{body_format}` is no format of a body", hint="use `markdown` or `html`")
