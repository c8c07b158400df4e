"""Named reads and writes of the system tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from igny8.core.ids import new_id
from igny8.db import Session
from igny8.system.models import ModuleSettingRow


def module_settings(session: Session) -> dict[str, tuple[bool, dict[str, Any]]]:
    """Module → (is enabled, config), for those that were ever set."""
    return {
        row.module: (row.is_enabled, row.config)
        for row in session.scalars(select(ModuleSettingRow))
    }


def put_module(
    session: Session,
    module: str,
    *,
    is_enabled: bool | None = None,
    config: dict[str, Any] | None = None,
) -> None:
    """Set a module's switch, its configuration, or both."""
    row = session.scalar(select(ModuleSettingRow).where(ModuleSettingRow.module == module))
    if row is None:
        row = ModuleSettingRow(id=new_id("mod"), module=module, is_enabled=True, config={})
        session.add(row)
    row.is_enabled = row.is_enabled if is_enabled is None else is_enabled
    row.config = row.config if config is None else config
