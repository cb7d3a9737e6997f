"""The commands of `kaidian`, one module a group, each loaded when it is called."""
