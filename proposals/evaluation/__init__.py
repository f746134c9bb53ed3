"""The departments' technical analysis, its result, and appeals against a rejection."""
