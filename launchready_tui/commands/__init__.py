"""One file per command; each holds a `command`, imported when it is used."""
