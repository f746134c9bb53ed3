"""Fault campaigns of casting: what an auditor of a vote is shown. The tests run each of them in small."""
