"""The embedded lab: a flawed internal-operations company on 127.0.0.0/8 (extra `demo`)."""

from launchready_tui.demo.lab import Lab, LabTrouble

__all__ = ["Lab", "LabTrouble"]
