"""Module switches of an account."""

from igny8.system.services import configure, enabled_modules, modules, require_module, switch
from igny8.system.types import NEEDS, Module

__all__ = [
    "NEEDS",
    "Module",
    "configure",
    "enabled_modules",
    "modules",
    "require_module",
    "switch",
]
