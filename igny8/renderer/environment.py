"""The Jinja environment: look-up of templates, escaping, and the few filters templates may use."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from igny8.renderer.art import mark, mosaic
from igny8.renderer.layouts import Layout


def environment(layout: Layout, resolve: Callable[[str], str]) -> Environment:
    """Return an environment for one render.

    `shipped/NAME` reaches the template that a site's or workspace's own NAME shadows, `shared/NAME`
    the one that a layout's own NAME shadows. Templates that did not come with igny8 run in Jinja's
    sandbox.
    """
    folders = [str(folder) for folder in layout.folders()]
    kind = ImmutableSandboxedEnvironment if layout.is_overridden else Environment
    env = kind(
        loader=ChoiceLoader(
            [
                FileSystemLoader(folders),
                PrefixLoader(
                    {
                        "shipped": FileSystemLoader(folders[-3:]),
                        "shared": FileSystemLoader(folders[-2:]),
                    }
                ),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.filters["resolve"] = resolve
    env.filters["paragraphs"] = paragraphs
    env.globals["mosaic"] = mosaic
    env.globals["mark"] = mark
    return env


def draw(template: Template, values: dict[str, object]) -> Markup:
    """Return what a template makes of `values`, which hold the environment's globals too.

    As `template.render`, without copying the globals for each of the hundred thousand blocks of a
    large site. The caller may change and use `values` again afterwards.
    """
    try:
        context = template.new_context(values, shared=True)
        # The output of an autoescaping template.
        return Markup("".join(template.root_render_func(context)))  # noqa: S704
    except Exception:  # noqa: BLE001  (Jinja rewrites the traceback to name the template's line)
        template.environment.handle_exception()


def paragraphs(text: str) -> Markup:
    """Return plain text as HTML paragraphs, parted at blank lines."""
    parts = [part.strip() for part in text.split("\n\n")]
    return Markup("").join(Markup("<p>{}</p>").format(escape(part)) for part in parts if part)
