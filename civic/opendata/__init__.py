"""The same data, for machines."""
