"""Preview of a built site on this machine, with reload on change. Loopback only.

The page is served as a static host would; a reload script is added on the way out, never to the
files. A build that fails shows its error over the last good page.
"""

from __future__ import annotations

import asyncio
import html
import json
import mimetypes
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from igny8.core.errors import Igny8Error, InvalidInput
from igny8.safety.paths import inside

_EVENTS = "/__igny8/events"
_SCRIPT_PATH = "/__igny8/reload.js"
_SCRIPT = """
const events = new EventSource("%s");
events.onmessage = (event) => {
  const state = JSON.parse(event.data);
  const old = document.getElementById("igny8-error");
  if (old) old.remove();
  if (state.error === null) { if (state.changed) location.reload(); return; }
  const box = document.createElement("pre");
  box.id = "igny8-error";
  box.textContent = state.error;
  box.setAttribute("style", "position:fixed;inset:auto 0 0 0;margin:0;padding:1rem;z-index:99999;" +
    "background:#8b0000;color:#fff;white-space:pre-wrap;font:14px/1.5 monospace");
  document.body.append(box);
};
"""


class Preview:
    """A site's output folder as a web application that knows of rebuilds."""

    def __init__(
        self, folder: Path, rebuild: Callable[[], None], watched: list[Path], base_path: str = "/"
    ) -> None:
        self._folder = folder
        self._base = base_path.strip("/")
        self._rebuild = rebuild
        self._watched = watched
        self._version = 0
        self._error: str | None = None
        self._changed = asyncio.Event()

    def app(self) -> Starlette:
        """The application. Other hosts' names are refused: a page elsewhere must not read it."""
        return Starlette(
            routes=[
                Route(_EVENTS, self._events),
                Route(_SCRIPT_PATH, self._script),
                Route("/{path:path}", self._page),
            ],
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
            ],
        )

    async def watch(self) -> None:
        """Rebuild when a watched file changes; many changes at once are one build."""
        from watchfiles import awatch

        async for _ in awatch(*self._watched, debounce=50, step=20, recursive=True):
            await asyncio.to_thread(self.build)
            self._changed.set()
            self._changed = asyncio.Event()

    def build(self) -> None:
        """Build; an error is kept for the page instead of ending the server."""
        try:
            self._rebuild()
            self._error = None
        except Igny8Error as error:
            self._error = f"{error.message}\n{error.hint or ''}".strip()
        except Exception as error:  # noqa: BLE001  (no build may end the server)
            self._error = f"{type(error).__name__}: {error}"
        self._version += 1

    async def _events(self, request: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            seen = self._version
            yield self._state(changed=False)
            while not await request.is_disconnected():
                waiting = self._changed
                if self._version == seen:
                    try:
                        await asyncio.wait_for(waiting.wait(), timeout=15)
                    except TimeoutError:
                        yield ": still here\n\n"
                        continue
                seen = self._version
                yield self._state(changed=True)

        return StreamingResponse(
            stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    def _state(self, *, changed: bool) -> str:
        return f"data: {json.dumps({'changed': changed, 'error': self._error})}\n\n"

    async def _script(self, request: Request) -> Response:
        del request
        return Response(_SCRIPT % _EVENTS, media_type="text/javascript")

    async def _page(self, request: Request) -> Response:
        path = request.path_params["path"]
        if self._base:
            # Links in the pages begin with the base URL's path, as they do where it is published.
            if not path:
                return RedirectResponse(f"/{self._base}/", status_code=307)
            if path != self._base and not path.startswith(f"{self._base}/"):
                return self._missing()
        inner = path[len(self._base) :].lstrip("/") if self._base else path
        try:
            file = inside(self._folder, inner.removesuffix("/")) if inner else self._folder
        except InvalidInput:
            return self._missing()
        if file.is_dir():
            if path and not path.endswith("/"):
                return RedirectResponse(f"/{path}/", status_code=308)
            file = file / "index.html"
        if not file.is_file():
            return self._missing()
        return self._file(file, 200)

    def _missing(self) -> Response:
        page = self._folder / "404.html"
        if page.is_file():
            return self._file(page, 404)
        return Response("not found", status_code=404)

    def _file(self, file: Path, status: int) -> Response:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        data = file.read_bytes()
        if kind == "text/html":
            script = f'<script src="{html.escape(_SCRIPT_PATH)}"></script></body>'.encode()
            data = data.replace(b"</body>", script)
        return Response(data, status, media_type=kind, headers={"Cache-Control": "no-store"})


def serve(
    folder: Path,
    *,
    rebuild: Callable[[], None],
    watched: list[Path],
    port: int,
    on_start: Callable[[str], None],
    base_path: str = "/",
) -> None:
    """Serve what was built until interrupted. Raises Igny8Error when the port is taken."""
    import uvicorn

    preview = Preview(folder, rebuild, watched, base_path)
    config = uvicorn.Config(
        preview.app(),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        lifespan="off",
        # Pages that wait for events would keep the server from ending.
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)

    async def both() -> None:
        watcher = asyncio.create_task(preview.watch())
        serving = asyncio.create_task(server.serve())
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            bound = server.servers[0].sockets[0].getsockname()[1]
            on_start(f"http://127.0.0.1:{bound}{base_path}")
        await serving
        watcher.cancel()

    try:
        asyncio.run(both())
    except KeyboardInterrupt:
        return  # the way to end it
    except SystemExit as error:
        raise Igny8Error(
            f"port {port} is taken", hint="choose another with --port, or 0 for any"
        ) from error
