"""Draw docs/wizard.svg: the wizard on the demo company, as it is.

PYTHONPATH=.:screens python tests/screens/picture.py docs/wizard.svg
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from launchready_screens.app import Wizard

SIZE = (140, 38)
SECONDS = 30.0


async def drawn() -> str:
    """The stage page once the lab was checked, with what broke the most in front."""
    wizard = Wizard(Path(), demo=True)
    async with wizard.run_test(size=SIZE) as pilot:
        for _ in range(int(SECONDS / 0.1)):
            await pilot.pause(0.1)
            if wizard.live and wizard.live.ran:
                break
        await pilot.press("down")
        await pilot.pause(0.3)
        picture = wizard.export_screenshot(title="launchready demo")
    wizard.close()
    return without_fonts(picture)


def without_fonts(picture: str) -> str:
    """Whoever looks at the picture fetches nothing from anywhere."""
    return re.sub(r"\s*@font-face\s*\{[^}]*\}", "", picture)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(drawn()), encoding="utf-8")
