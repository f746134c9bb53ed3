"""The agora: debates in which residents argue, judge and find what they share."""
