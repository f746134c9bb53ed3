"""What people say about a proposal."""
