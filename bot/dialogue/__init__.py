"""What to do about a message, and what to say."""
