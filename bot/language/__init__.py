"""What Chinese text says: script, spelling, words, sounds, questions."""
