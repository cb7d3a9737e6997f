"""What must survive: updates, replies on their way, conversations, turns, votes. Flat rows only."""
