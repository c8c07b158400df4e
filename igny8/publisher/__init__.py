"""Targets and releases: plan, publish, record, roll back."""

from igny8.publisher.services import (
    Published,
    add_target,
    plan,
    publish,
    records,
    rollback,
    targets,
)
from igny8.publisher.types import Deployment, DeploymentStatus, Plan, Target

__all__ = [
    "Deployment",
    "DeploymentStatus",
    "Plan",
    "Published",
    "Target",
    "add_target",
    "plan",
    "publish",
    "records",
    "rollback",
    "targets",
]
