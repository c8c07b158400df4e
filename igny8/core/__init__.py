"""The floor: errors, ids, clock, outcomes. Knows nothing of the house above it."""
