"""Read-only pictures across slices."""

from igny8.reports.status import Place, Standing, standing

__all__ = ["Place", "Standing", "standing"]
