"""Checks a built site: files in, findings out. Opens no file and no socket."""

from igny8.reports.site_check.checking import RULES, check_site
from igny8.reports.site_check.types import BuiltFiles, CheckReport, Expectations

__all__ = ["RULES", "BuiltFiles", "CheckReport", "Expectations", "check_site"]
