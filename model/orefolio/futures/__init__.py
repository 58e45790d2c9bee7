"""Many futures: drawn from hazards, written and read as tables, reduced to a few, and a plan tested on fresh ones."""
