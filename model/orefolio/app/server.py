"""The page's server: on loopback alone, for pages that it has sent itself."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from orefolio.errors import InputError, MissingExtraError

from .ahead import KINDS
from .desk import Desk, Question

HOST = "127.0.0.1"
INSTALL = "pip install 'orefolio[app]'"
MOST_BYTES = 100_000  # of a question
TYPES = {
    "page.html": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "charts.js": "text/javascript; charset=utf-8",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:"
)


def plotly_script() -> bytes:
    """The drawing library as a script of our own. Raises MissingExtraError."""
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        raise MissingExtraError(f"The what-if page needs plotly. Install with: {INSTALL}") from error
    return str(get_plotlyjs()).encode()


class Server(ThreadingHTTPServer):
    """Serves the page of a desk. port: 0 for a free one. Raises OSError where it is taken."""

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self.desk = desk
        self.files = {f"/{name}": (kind, _packaged(name)) for name, kind in TYPES.items()}
        self.files["/"] = self.files["/page.html"]
        self.files["/plotly.js"] = TYPES["page.js"], plotly_script()
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    def names(self) -> set[str]:
        """What a browser on this machine calls this server."""
        return {f"{name}:{self.server_port}" for name in (HOST, "localhost")}


def _packaged(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()


class Handler(BaseHTTPRequestHandler):
    """One request of the page."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file of the page, what it shows of the case, or what is being done for it."""
        if not self._is_own():
            return
        if self.path == "/case":
            self._say(200, self.server.desk.case)
        elif self.path == "/doing":
            self._say(200, {"doing": self.server.desk.doing})
        elif self.path in self.server.files:
            self._send(200, *self.server.files[self.path])
        else:
            self._say(404, {"words": "no such page"})

    def do_POST(self) -> None:
        """Answer a question of the page: /fixed, /replanned, or which lever a hand is on: /near."""
        if not self._is_own():
            return
        kind = next((kind for kind in KINDS if self.path == f"/{kind}"), None)
        asked = self._asked()
        if asked is None or (kind is None and self.path != "/near"):
            self._say(400, {"words": "no question of the page"})
            return
        desk = self.server.desk
        if kind is None:
            desk.near(str(asked.get("lever")))
            self._say(200, {})
            return
        try:
            question = Question(str(asked["page"]), int(asked["number"]), desk.levers.turned(asked["levers"]))
        except InputError as error:
            self._say(200, {"status": "refused", "words": str(error)})
        except (KeyError, TypeError, ValueError, AttributeError):
            self._say(400, {"words": "no question of the page"})
        else:
            self._say(200, desk.ask(question, kind))

    def log_message(self, *_: Any, **__: Any) -> None:
        """Say nothing: the terminal is for the case."""

    def _is_own(self) -> bool:
        """Whether the request is of a page of this server; else it is refused. A foreign page gives itself away."""
        names = self.server.names()
        origin = self.headers.get("Origin")
        of_page = origin is None or origin in {f"http://{name}" for name in names}
        site = self.headers.get("Sec-Fetch-Site", "none")
        if self.headers.get("Host") in names and of_page and (site in ("same-origin", "none") or self.path == "/"):
            return True
        self.close_connection = True
        self._say(403, {"words": "this server answers its own page alone"})
        return False

    def _asked(self) -> dict[str, Any] | None:
        """The content of a question, None where it is none. A page elsewhere cannot send JSON unasked."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not length.isdecimal() or int(length) > MOST_BYTES:
            self.close_connection = True
            return None
        try:
            content = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return content if isinstance(content, dict) else None

    def _say(self, status: int, content: Mapping[str, Any]) -> None:
        text = json.dumps(_plain(content), allow_nan=False)
        self._send(status, "application/json; charset=utf-8", text.encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # the page was closed meanwhile


def _plain(value: Any) -> Any:
    """The same with null in place of numbers that JSON has not."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
