"""Tables of `system`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from igny8.db.base import TenantRow


class ModuleSettingRow(TenantRow):
    """Whether a module is on for an account. No row means on."""

    __tablename__ = "system_module_settings"
    __table_args__ = (UniqueConstraint("account_id", "module"),)

    module: Mapped[str] = mapped_column(String(40))
    is_enabled: Mapped[bool]
    config: Mapped[dict[str, Any]]
