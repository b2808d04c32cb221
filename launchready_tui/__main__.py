"""The entry point. With `python -m` the client's folder would come first on the import path, and a
`secrets.py` lying there would run in place of the standard library's: it is dropped before anything
else is imported.
"""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        from launchready_tui.front import help_text

        sys.stdout.write(help_text())
        return
    from launchready_tui.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
