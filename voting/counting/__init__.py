"""Counting: from an instance, a profile and a rule to a set of funded projects, exactly.

Pure Python: no web framework, no database, no clock, no floating-point numbers in any decision. Start with
`voting.counting.instance` (what is counted), `voting.counting.rules` (how, and `count`) and
`voting.counting.pabulib` (the `.pb` file format).
"""
