"""Other ways to find the entry that a question asks for, each in a module with one interface."""
