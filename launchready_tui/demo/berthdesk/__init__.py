"""Berth desk: the work orders of Harbour Operations, behind a login.

A real, small internal-operations application: the lab serves it, and the lab's repository holds
this very source. It knows nothing of launchready and imports nothing from it.
"""
