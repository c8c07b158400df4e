"""The store's machinery: engine, units of work, the tenant filter. Knows no domain."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.db.base import Base, Row, TenantRow
    from igny8.db.database import Database, Session
    from igny8.db.locks import Locks
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = ["Base", "Database", "Locks", "Row", "Session", "TenantRow"]
