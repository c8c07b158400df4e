"""The preview: as a static host would, on loopback only, reloading, with errors over the page."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from igny8.core.errors import Igny8Error, InvalidInput
from igny8.web.preview import Preview, serve

PAGE = "<html><body><h1>{}</h1></body></html>"


@dataclass
class Served:
    """A preview on a port of this machine, and the builds it was asked for."""

    folder: Path
    source: Path
    port: int = 0
    fails_with: Exception | None = None
    builds: int = 0
    stop: Callable[[], None] = field(default=lambda: None)

    def build(self) -> None:
        self.builds += 1
        if self.fails_with is not None:
            raise self.fails_with
        text = PAGE.format((self.source / "home.txt").read_text())
        (self.folder / "index.html").write_text(text)

    def get(
        self, path: str, host: str | None = None, method: str = "GET"
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            connection.endheaders()
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read().decode()
        finally:
            connection.close()

    def events(self) -> Iterator[dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/__igny8/events")
        response = connection.getresponse()
        try:
            while line := response.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])
        finally:
            connection.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def run(base_path: str = "/") -> Served:
        served = Served(tmp_path / "output", tmp_path / "source")
        served.source.mkdir()
        (served.source / "home.txt").write_text("Home")
        (served.folder / "services").mkdir(parents=True)
        (served.folder / "services" / "index.html").write_text(PAGE.format("Services"))
        (served.folder / "404.html").write_text(PAGE.format("Not here"))
        (served.folder / "site.css").write_text("body { content: '</body>' }")
        (tmp_path / "secret.txt").write_text("secret")
        (served.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
        served.build()
        preview = Preview(served.folder, served.build, [served.source], base_path)
        server = uvicorn.Server(
            uvicorn.Config(
                preview.app(),
                host="127.0.0.1",
                port=0,
                log_level="warning",
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )

        async def both() -> None:
            watcher = asyncio.create_task(preview.watch())
            await server.serve()
            watcher.cancel()

        thread = threading.Thread(target=lambda: asyncio.run(both()))
        thread.start()
        running.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        served.port = server.servers[0].sockets[0].getsockname()[1]
        return served

    yield run
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=10)


def test_pages_are_served_as_a_static_host_would(start: Callable[..., Served]) -> None:
    served = start()
    assert "<h1>Home</h1>" in served.get("/")[2]
    status, headers, body = served.get("/services/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>Services</h1>" in body
    status, headers, _ = served.get("/services")
    assert (status, headers["location"]) == (308, "/services/")
    status, _, body = served.get("/no-such-page/")
    assert (status, "Not here" in body) == (404, True)
    assert served.get("/site.css")[1]["content-type"].startswith("text/css")
    assert served.get("/", method="POST")[0] == 405


def test_the_reload_script_is_added_to_pages_on_the_way_out_only(
    start: Callable[..., Served],
) -> None:
    served = start()
    body = served.get("/")[2]
    assert '<script src="/__igny8/reload.js"></script></body>' in body
    assert served.get("/__igny8/reload.js")[0] == 200
    assert "script" not in served.get("/site.css")[2]
    assert (served.folder / "index.html").read_text() == PAGE.format("Home")


def test_a_host_of_another_name_is_refused(start: Callable[..., Served]) -> None:
    served = start()
    assert served.get("/", host="evil.example")[0] == 400
    assert served.get("/__igny8/events", host="evil.example:80")[0] == 400
    assert served.get("/", host=f"localhost:{served.port}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/services/../../secret.txt",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/..%5csecret.txt",
        "/link.txt",
        "/index.html%00.txt",
        "//evil.example/",
    ],
)
def test_nothing_outside_the_folder_is_served(start: Callable[..., Served], path: str) -> None:
    status, headers, body = start().get(path)
    assert status == 404
    assert "location" not in headers
    assert "secret" not in body
    assert "root:" not in body


def test_a_site_below_a_path_is_served_below_it(start: Callable[..., Served]) -> None:
    served = start("/shop/")
    assert "<h1>Services</h1>" in served.get("/shop/services/")[2]
    assert "<h1>Home</h1>" in served.get("/shop/")[2]
    assert served.get("/")[1]["location"] == "/shop/"
    assert served.get("/services/")[0] == 404
    assert served.get("/shopping/")[0] == 404


def test_a_change_builds_again_and_tells_the_pages(start: Callable[..., Served]) -> None:
    served = start()
    events = served.events()
    assert next(events) == {"changed": False, "error": None}
    (served.source / "home.txt").write_text("New home")
    assert next(events) == {"changed": True, "error": None}
    assert "<h1>New home</h1>" in served.get("/")[2]


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (InvalidInput("no template `x`", file="b.yaml", hint="use `y`"), "b.yaml: no template"),
        (ZeroDivisionError("a bug"), "ZeroDivisionError: a bug"),
    ],
)
def test_a_build_that_fails_is_shown_over_the_last_good_page(
    start: Callable[..., Served], error: Exception, shown: str
) -> None:
    served = start()
    events = served.events()
    next(events)
    served.fails_with = error
    (served.source / "home.txt").write_text("Broken")
    assert shown in next(events)["error"]
    assert "<h1>Home</h1>" in served.get("/")[2]
    served.fails_with = None
    (served.source / "home.txt").write_text("Mended")
    assert next(events) == {"changed": True, "error": None}
    assert "<h1>Mended</h1>" in served.get("/")[2]


def test_many_changes_at_once_are_one_build(start: Callable[..., Served]) -> None:
    served = start()
    events = served.events()
    next(events)
    for number in range(50):
        (served.source / f"{number}.txt").write_text("x")
    next(events)
    time.sleep(0.3)
    assert served.builds <= 4


def test_a_port_that_is_taken_is_said_to_be(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Igny8Error, match=f"port {port} is taken"):
            serve(tmp_path, rebuild=lambda: None, watched=[], port=port, on_start=print)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_serve_shows_what_other_commands_change_and_ends_at_ctrl_c(
    igny8: Callable[..., Any], workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "home.md").write_text("First words.\n")
    igny8("site", "add", "shop")
    igny8("writer", "import", tmp_path / "home.md", "--site", "shop", "--status", "published")
    server = subprocess.Popen(
        [sys.executable, "-m", "igny8", "serve", "shop", "--port", "0"],
        cwd=workspace,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        assert line.startswith("shop is at http://127.0.0.1:"), line
        served = Served(tmp_path, tmp_path, int(line.split(":")[2].split("/")[0]))
        events = served.events()
        next(events)
        assert "First words." in served.get("/advice/home/")[2]
        (tmp_path / "home.md").write_text("Second words.\n")
        igny8("writer", "import", tmp_path / "home.md", "--site", "shop")
        assert next(events) == {"changed": True, "error": None}
        assert "Second words." in served.get("/advice/home/")[2]
        assert not _listens_elsewhere(served.port)
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=10) == 0
    finally:
        server.kill()
        server.communicate()


def _listens_elsewhere(port: int) -> bool:
    """Whether an address of this machine other than 127.0.0.1 answers on the port."""
    try:
        with socket.create_connection(("127.0.0.2", port), timeout=1):
            return True
    except OSError:
        return False
