"""launchready: carry an internal-operations dashboard from audit to sign-off in 48 hours."""

__version__ = "0.1.0"
