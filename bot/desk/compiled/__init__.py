"""Bases taken apart once, kept in a file, and mapped from there."""
