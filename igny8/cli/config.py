"""Settings and where they come from."""

from __future__ import annotations

from typing import Annotated

import typer

from igny8.cli.command import Cli, MaybeSiteOption, command
from igny8.cli.output import Listing, Result
from igny8.config.load import flatten, known_keys
from igny8.core.errors import NotFound

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)


@command(app, "show", logs=False)
def show(
    cli: Cli,
    key: Annotated[str | None, typer.Argument(help="Only keys that begin so.")] = None,
    site: MaybeSiteOption = None,
    sources: Annotated[bool, typer.Option("--sources", help="Say which layer set it.")] = False,
) -> Listing:
    """List every setting, for a site if one is named.

    Example: igny8 config show --sources
    """
    config = cli.app.config.site(site) if site else cli.app.config
    values = flatten(config.settings.model_dump(mode="json", by_alias=True))
    rows = [
        {"key": name, "value": values.get(name), "source": config.sources.get(name, "default")}
        for name in sorted({*known_keys(), *values})
        if (key is None or name.startswith(key)) and values.get(name) != {}
    ]
    return Listing(
        rows, ("key", "value", "source") if sources else ("key", "value"), id_field="key"
    )


@command(app, "get", logs=False)
def get(cli: Cli, key: str, site: MaybeSiteOption = None) -> Result:
    """Print one setting."""
    config = cli.app.config.site(site) if site else cli.app.config
    values = flatten(config.settings.model_dump(mode="json", by_alias=True))
    if key not in values:
        raise NotFound.named("setting", key, known_keys(), list_with="igny8 config show")
    return Result({"key": key, "value": values[key]}, [str(values[key])])


@command(app, "set")
def set_(cli: Cli, key: str, value: str) -> Result:
    """Set one setting in igny8.toml; a site's are set with `site set`.

    Example: igny8 config set ai.provider openai
    """
    from igny8.config.edit import set_workspace

    set_workspace(cli.app.config.root, key, value, cli.app.config.environ)
    return Result({"key": key, "value": value}, [f"{key} = {value}"])
