"""What operators do with a base and what people asked of it: check, test, serve, count, learn from it."""
