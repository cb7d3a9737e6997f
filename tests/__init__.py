"""Tests of kaidian."""
