"""The store's machinery: engine, units of work, the tenant filter. Knows no domain."""

from igny8.db.base import Base, Row, TenantRow
from igny8.db.database import Database, Session
from igny8.db.locks import Locks

__all__ = ["Base", "Database", "Locks", "Row", "Session", "TenantRow"]
