"""Imports every models module, so that Alembic and the tests see the whole schema."""

import igny8.accounts.models
import igny8.billing.models
import igny8.jobs.models
import igny8.linker.models
import igny8.optimizer.models
import igny8.planner.models
import igny8.publisher.models
import igny8.sitebuilder.models
import igny8.system.models
import igny8.thinker.models
import igny8.writer.models  # noqa: F401
from igny8.db.base import Base

metadata = Base.metadata
