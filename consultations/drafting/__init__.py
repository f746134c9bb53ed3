"""The text of a consultation's draft in sections, and what people write beside its passages."""
