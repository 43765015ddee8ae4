"""From which sizes on batches by columns pay. Kept apart, so that to look at them loads nothing else."""

RUN = 4
"""Fewer DOUBLE columns than this together are not worth it."""

SMALLEST = 48
"""Records below which a batch costs more than it saves."""
