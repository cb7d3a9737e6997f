"""What is measured, and how: `make bench` and `make bench-peers` write RESULTS.md."""
