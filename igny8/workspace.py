"""Make a workspace: its file, its store, its first account. Used by `init` and `demo`."""

from __future__ import annotations

from pathlib import Path

from igny8 import accounts, billing
from igny8.app import App, Who
from igny8.config.load import FILE
from igny8.config.write import write_workspace
from igny8.context import Context
from igny8.core.errors import Conflict
from igny8.core.report import Reporter
from igny8.core.resources import shipped
from igny8.db.migrate import upgrade
from igny8.safety.paths import write_atomically
from igny8.text.slugs import slugify


def create(
    root: Path, *, name: str, email: str, slug: str | None, report: Reporter
) -> tuple[App, Context, bool]:
    """Make what is missing at `root` and open it. Return app, context, whether anything was made.

    A second call finds everything there and changes nothing; so does one after a kill.
    """
    root = root.resolve()
    if root.exists() and not root.is_dir():
        raise Conflict(f"{root} is a file", hint="name a folder")
    root.mkdir(parents=True, exist_ok=True)
    slug = slug or slugify(name)
    is_new = not (root / FILE).exists()
    if is_new:
        write_workspace(
            root,
            {"schema": 1, "workspace": {"account": slug}, "ai": {"provider": "embedded"}},
        )
        ignore = root / ".gitignore"
        if not ignore.exists():
            ignore.write_text(".igny8/\nsites/*/output/\n")
    (root / "sites").mkdir(exist_ok=True)
    app = App(root)
    try:
        before, after = upgrade(app.database)
        named = app.config.settings.workspace.account or slug
        known = {account.slug for account in accounts.accounts(app.reader)}
        if named not in known:
            accounts.create_account(
                app.database,
                app.clock,
                slug=named,
                name=name,
                owner_email=email,
                monthly_credits=app.config.settings.credits.monthly,
            )
        token = None
        if not app.is_trusting:
            token = accounts.first_token(app.database, accounts.account_for(app.reader, named))
        if token is not None:
            report.note(f"the token of {email}, shown this once: {token}")
            report.note("set IGNY8_TOKEN to it: this store believes tokens only")
        ctx = app.context(Who(account=named, token=token), report=report)
        granted = billing.replenish(ctx)
    except BaseException:
        app.close()
        raise
    return app, ctx, is_new or before != after or named not in known or granted


def copy_example(root: Path) -> str:
    """Copy the shipped example workspace to `root`, without touching what is there.

    Returns the slug of its site. Raises Conflict where another workspace lies already.
    """
    source = shipped("agency")
    marker = root / FILE
    if marker.exists() and marker.read_bytes() != (source / FILE).read_bytes():
        raise Conflict(
            f"{root} is a workspace of its own", hint="name a new folder: `igny8 demo DIR`"
        )
    for file in sorted(source.rglob("*")):
        target = root / file.relative_to(source)
        if file.is_file() and not target.exists() and ".igny8" not in file.parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, file.read_bytes())
    return next(path.name for path in sorted((source / "sites").iterdir()) if path.is_dir())
