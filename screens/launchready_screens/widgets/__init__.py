"""Widgets that more than one screen uses. Each draws values it is given and asks for nothing."""
