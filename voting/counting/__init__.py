"""Counting: from an instance, a profile and a rule to a set of funded projects, exactly.

No web framework, no database, no clock. Money and prices are integers and fractions; floats (numpy) only sort out
what is certain beyond their error, and whatever is closer than that is compared exactly. Start with `instance` and
`profile` (what is counted), `rules` (how), `count` and `what_if`, and `pabulib` (the `.pb` file format).
"""
