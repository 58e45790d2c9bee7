"""A page as PDF, printed by a chromium of the system that has no window."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from orefolio.errors import MissingExtraError, OrefolioError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
INSTALL = "apt-get install chromium fonts-noto-cjk"
SECONDS = 120
DRAWN_MS = 20_000  # of the page's own clock, until figures are drawn


def printed(html: str) -> bytes:
    """The page as PDF. Raises MissingExtraError without a browser, and OrefolioError where it prints nothing."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise MissingExtraError(f"A report as PDF is printed by chromium, which is not here. Install with: {INSTALL}")
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8", newline="")
        words = [
            found, "--headless", "--disable-gpu", "--no-sandbox", f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer", f"--virtual-time-budget={DRAWN_MS}", f"--print-to-pdf={out}", page.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  a list, no shell
        except subprocess.TimeoutExpired:
            raise OrefolioError(f"{found} has not printed the page after {SECONDS} seconds") from None
        if not out.is_file():
            raise OrefolioError(f"{found} has printed nothing; write an HTML page and print that")
        return out.read_bytes()
