"""The handover guide: a pure function from the sprint's state to Markdown."""
