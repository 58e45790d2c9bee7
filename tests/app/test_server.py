"""The page's server answers its own page alone, and ends with Ctrl-C."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import call
from faults.cases import command, environment
from orefolio import api
from orefolio.app.desk import Desk
from orefolio.app.server import Server
from sensitivity.hand_case import write

QUESTION = {"page": "p", "number": 1, "levers": {"loss": 60.0}}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def server(case: Path) -> Iterator[Server]:
    study = api.load(case)
    desk = Desk(study, study.solve(abs_gap=0.0, saving=False))
    with Server(desk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    desk.close()


def asked(
    server: Server, path: str, content: object = None, host: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer. content: of a POST, as JSON; as it is where it is text."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    body = content if isinstance(content, str) or content is None else json.dumps(content)
    sent = {"Host": host or f"127.0.0.1:{server.server_port}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET" if body is None else "POST", path, body, sent)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_the_server_listens_on_loopback_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.verifies("security")
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "192.0.2.1:80", "localhost.evil.example:80"])
@pytest.mark.parametrize("path", ["/", "/case", "/fixed"])
def test_another_host_is_refused(host: str, path: str, server: Server) -> None:
    status, _, content = asked(server, path, QUESTION if path == "/fixed" else None, host=host)
    assert (status, json.loads(content)) == (403, {"words": "this server answers its own page alone"})


@pytest.mark.verifies("security")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/case", "/fixed"])
def test_a_foreign_page_is_refused(headers: dict[str, str], path: str, server: Server) -> None:
    assert asked(server, path, QUESTION if path == "/fixed" else None, **headers)[0] == 403


@pytest.mark.verifies("security")
def test_a_page_may_load_and_ask_nothing_elsewhere(server: Server) -> None:
    status, headers, _ = asked(server, "/")
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert not any(name.startswith("Access-Control") for name in headers)


def test_its_own_page_is_answered(server: Server) -> None:
    origin = f"http://127.0.0.1:{server.server_port}"
    status, _, content = asked(server, "/fixed", QUESTION, Origin=origin, Sec_Fetch_Site="same-origin")
    assert status == 200
    assert json.loads(content)["cost_musd"] == pytest.approx(8.2)
    assert asked(server, "/near", {"lever": "loss"})[0] == 200
    assert json.loads(asked(server, "/replanned", QUESTION)[2])["cost_musd"] == pytest.approx(8.2)
    assert json.loads(asked(server, "/doing")[2]) == {"doing": ""}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/fixed", "{"),
        ("/fixed", "[]"),
        ("/fixed", "[" * 100_000),
        ("/fixed", {"page": "p", "number": 1}),
        ("/fixed", {"page": "p", "number": "x", "levers": {}}),
        ("/fixed", {"page": "p", "number": 1, "levers": [1]}),
        ("/other", QUESTION),
        ("/fixed", "x" * 200_000),
    ],
)
def test_what_is_no_question_is_refused(path: str, content: object, server: Server) -> None:
    assert asked(server, path, content)[0] == 400


def test_what_is_not_json_is_refused_and_an_unknown_page_is_not_there(server: Server) -> None:
    assert asked(server, "/fixed", QUESTION, Content_Type="text/plain")[0] == 400
    assert asked(server, "/../case.yaml")[0] == 404


def test_a_lever_beyond_its_range_is_told_in_words(server: Server) -> None:
    answer = json.loads(asked(server, "/fixed", {**QUESTION, "levers": {"loss": 900}})[2])
    assert answer["status"] == "refused"
    assert "from 20 to 90" in answer["words"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly(number: signal.Signals, case: Path) -> None:
    words = ("app", case, "--no-browser", "--abs-gap", "0")
    child = subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment()
    )
    assert child.stdout is not None
    assert child.stdout.readline().startswith("http://127.0.0.1:")
    child.send_signal(number)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 0, said
    assert "solving" in said
    assert "Traceback" not in said


def test_a_finished_run_stands_for_itself(case: Path, tmp_path: Path) -> None:
    assert "Name a case" in call("app").stderr
    refused = call("app", str(case), "--run", str(tmp_path), "--grid", "years")
    assert (refused.exit_code, "--run stands for itself" in refused.stderr) == (2, True)


def test_a_run_with_levers_turned_starts_from_them(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = api.load(case).what_if(loss=60.0).solve(abs_gap=0.0, saving=False, out=tmp_path)
    starts: list[object] = []

    def seen(server: Server, **_: object) -> None:
        starts.append([(row["lever"], row["start"]) for row in server.desk.levers.rows()])
        starts.append(server.desk.base["cost_musd"])
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "serve_forever", seen)
    result = call("app", str(case), "--run", str(run.folder), "--no-browser")
    assert result.exit_code == 0, result.stderr
    assert starts == [[("loss", 60.0), ("price", 10.0)], pytest.approx(8.2)]


def test_its_address_is_told_as_one_json_object(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(server: Server, **_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "serve_forever", ended)
    told = json.loads(call("app", str(case), "--no-browser", "--json").stdout)
    assert told["schema"] == "orefolio/app/1"
    assert told["address"].startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_is_told(case: Path, server: Server) -> None:
    result = call("app", str(case), "--no-browser", "--abs-gap", "0", "--port", str(server.server_port))
    assert result.exit_code == 2
    assert "cannot be taken" in result.stderr


def test_without_plotly_the_command_tells_what_to_install(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    result = call("app", str(case))
    assert result.exit_code == 8
    assert "pip install 'orefolio[app]'" in result.stderr
