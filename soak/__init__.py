"""Long campaigns: the same properties as in the tests on many more instances, run by `make soak`."""
