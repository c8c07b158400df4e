"""An OpenAI-compatible server on loopback, for tests. Standard library only; holds no model.

It answers from the request's own schema (the same request always gets the same answer) or from a
function that the test gives, is as strict about schemas as the real one, and misbehaves on demand.

    with OpenAIServer() as server:
        server.enqueue(rate_limited(), None)     # the first call fails, the second is answered
        provider = OpenAIProvider(base_url=server.base_url, model="test-model")
"""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = dict[str, Any]
Answer = Callable[[JSON], str]

_CREATED = 1_700_000_000
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: JSON


@dataclass(frozen=True, slots=True)
class Fault:
    """How one chat call goes wrong. Made by the functions below; None in the queue is a good call.

    With `body` the call ends there; otherwise a completion is made and then changed.
    """

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    is_dropped: bool = False
    change: Callable[[JSON], None] | None = None


def rate_limited(retry_after: str | None = "0") -> Fault:
    """429; `retry_after` is the header's text (seconds or a date), or None for no header."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return _error(429, "Rate limit reached", "rate_limit_exceeded", headers=headers)


def out_of_quota() -> Fault:
    """429 as OpenAI sends it when the money is gone."""
    return _error(429, "You exceeded your current quota", "insufficient_quota")


def failing(status: int = 500) -> Fault:
    """5xx: the server failed."""
    return _error(status, "The server had an error", None, headers={"Retry-After": "0"})


def rejected(
    message: str, *, status: int = 400, code: str | None = None, parameter: str | None = None
) -> Fault:
    """A 4xx in any words, about any parameter."""
    return _error(status, message, code, parameter)


def slow(seconds: float) -> Fault:
    """Answer well, but only after `seconds` (or when the server is closed)."""
    return Fault(delay=seconds)


def dropped() -> Fault:
    """Close the connection without a word."""
    return Fault(is_dropped=True)


def html_page(status: int = 502) -> Fault:
    """A proxy's error page, or with status 200 a web site where an API was expected."""
    page = b"<!doctype html><html><title>Bad gateway</title></html>"
    return Fault(status, page, {"Content-Type": "text/html", "Retry-After": "0"})


def redirected(location: str) -> Fault:
    """307 to another address."""
    return Fault(307, b"", {"Location": location})


def broken_body() -> Fault:
    """A body that says it is JSON and ends in the middle."""
    return Fault(200, b'{"id": "chatcmpl-1", "choices": [', {"Content-Type": "application/json"})


def truncated() -> Fault:
    """Half of the JSON, and the finish reason of a whole."""
    return _changed(lambda text: text[: len(text) // 2])


def fenced() -> Fault:
    """The JSON in a Markdown code fence."""
    return _changed(lambda text: f"```json\n{text}\n```")


def prose() -> Fault:
    """A friendly sentence instead of JSON."""
    return _changed(lambda _: "Sure! Here is what you asked for.")


def refused(words: str = "I cannot help with that.") -> Fault:
    """The model refuses."""

    def change(completion: JSON) -> None:
        completion["choices"][0]["message"] |= {"content": None, "refusal": words}

    return Fault(change=change)


def cut_off() -> Fault:
    """The output limit is reached in the middle."""
    return finished("length", keep=0.5)


def finished(reason: str | None, *, keep: float = 1.0) -> Fault:
    """Another finish reason (None: none at all), with the first part of the text."""

    def change(completion: JSON) -> None:
        choice = completion["choices"][0]
        choice["finish_reason"] = reason
        text = choice["message"]["content"]
        choice["message"]["content"] = text[: int(len(text) * keep)]

    return Fault(change=change)


def uncounted() -> Fault:
    """No usage in the answer."""
    return Fault(change=lambda completion: completion.pop("usage"))


class OpenAIServer:
    """`/v1/models` and `/v1/chat/completions` on a free port of 127.0.0.1, while the block lasts.

    `answer` is given the request's body and returns the text of the reply. `objects_to` names what
    this server answers with 400: "temperature", "max_tokens", "max_completion_tokens", "strict",
    "json_schema", "json_object". With `fails_on_schema` a schema is a 500. With `api_key` any other
    key is a 401, which quotes the key. `lists_models` False makes `/v1/models` a 404.
    """

    def __init__(
        self,
        answer: Answer | None = None,
        *,
        models: Sequence[str] = ("test-model",),
        objects_to: Sequence[str] = (),
        fails_on_schema: bool = False,
        api_key: str | None = None,
        lists_models: bool = True,
    ) -> None:
        self.requests: list[Recorded] = []
        self.models = tuple(models)
        self.lists_models = lists_models
        self.api_key = api_key
        self._answer = answer or _from_schema
        self._objects_to = frozenset(objects_to)
        self._fails_on_schema = fails_on_schema
        self._queue: deque[Fault | None] = deque()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        """What to configure as `base_url`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def chats(self) -> list[JSON]:
        """The bodies of the chat calls so far."""
        return [recorded.body for recorded in self.requests if recorded.method == "POST"]

    def enqueue(self, *faults: Fault | None) -> None:
        """Script the next chat calls, one each. When the queue is empty, calls are good."""
        self._queue.extend(faults)

    def _record(self, recorded: Recorded) -> Fault:
        with self._lock:
            self.requests.append(recorded)
            is_chat = recorded.method == "POST" and self._queue
            return (self._queue.popleft() if is_chat else None) or Fault()

    def _respond(self, recorded: Recorded, fault: Fault) -> Fault:
        """Return the response as a fault with a body."""
        key = recorded.headers.get("authorization", "").removeprefix("Bearer ")
        if self.api_key is not None and key != self.api_key:
            return _error(401, f"Incorrect API key provided: {key}.", "invalid_api_key")
        if fault.body is not None:
            return fault
        route = (recorded.method, recorded.path)
        if route == ("GET", "/v1/models") and self.lists_models:
            return _json({"object": "list", "data": [_model(name) for name in self.models]})
        if route != ("POST", "/v1/chat/completions"):
            return _error(404, f"Unknown request URL: {' '.join(route)}", "unknown_url")
        return self._objection(recorded.body) or self._complete(recorded.body, fault)

    def _objection(self, body: JSON) -> Fault | None:
        response_format = body.get("response_format", {})
        kind = response_format.get("type")
        schema = response_format.get("json_schema", {})
        if body.get("model") not in self.models:
            return _error(404, f"The model `{body.get('model')}` does not exist", "model_not_found")
        for parameter in ("temperature", "max_tokens", "max_completion_tokens"):
            if parameter in body and parameter in self._objects_to:
                return _unsupported(parameter)
        if kind in self._objects_to or (schema.get("strict") and "strict" in self._objects_to):
            return _unsupported("response_format")
        if kind == "json_schema" and self._fails_on_schema:
            return failing()
        if kind == "json_object" and "json" not in json.dumps(body["messages"]).lower():
            return _error(400, "'messages' must contain the word 'json'", None, "messages")
        if schema.get("strict"):
            for fault in _schema_faults(schema["schema"], "root"):
                message = f"Invalid schema for response_format: {fault}"
                return _error(400, message, None, "response_format")
        return None

    def _complete(self, body: JSON, fault: Fault) -> Fault:
        completion = _completion(body, self._answer(body))
        if fault.change:
            fault.change(completion)
        return _json(completion)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], owner: OpenAIServer) -> None:
        super().__init__(address, _Handler)
        self.owner = owner

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that hung up is what a time-out test is about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._handle({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._handle(json.loads(self.rfile.read(length)))

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""

    def _handle(self, body: JSON) -> None:
        owner = self.server.owner
        headers = {name.lower(): value for name, value in self.headers.items()}
        recorded = Recorded(self.command, self.path, headers, body)
        fault = owner._record(recorded)
        owner._closing.wait(fault.delay)
        if fault.is_dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        response = owner._respond(recorded, fault)
        content = response.body or b""
        given = {"Date": self.date_time_string(), "Content-Length": str(len(content))}
        self.send_response_only(response.status)
        for name, value in (given | response.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _json(body: JSON, status: int = 200, headers: dict[str, str] | None = None) -> Fault:
    content = json.dumps(body).encode()
    return Fault(status, content, {"Content-Type": "application/json", **(headers or {})})


def _error(
    status: int,
    message: str,
    code: str | None,
    parameter: str | None = None,
    *,
    headers: dict[str, str] | None = None,
) -> Fault:
    kind = code if code == "insufficient_quota" else "invalid_request_error"
    error = {"message": message, "type": kind, "param": parameter, "code": code}
    return _json({"error": error}, status, headers)


def _unsupported(parameter: str) -> Fault:
    message = f"Unsupported parameter: '{parameter}' is not supported with this model."
    return _error(400, message, "unsupported_parameter", parameter)


def _changed(text: Callable[[str], str]) -> Fault:
    def change(completion: JSON) -> None:
        message = completion["choices"][0]["message"]
        message["content"] = text(message["content"])

    return Fault(change=change)


def _model(name: str) -> JSON:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "igny8"}


def _completion(body: JSON, text: str) -> JSON:
    limit: int = body.get("max_completion_tokens") or body.get("max_tokens") or len(text)
    is_cut = len(text) > 4 * limit
    text = text[: 4 * limit]
    asked, answered = len(json.dumps(body["messages"])) // 4, -(-len(text) // 4)
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": _CREATED,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "logprobs": None,
                "finish_reason": "length" if is_cut else "stop",
            }
        ],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }


def _from_schema(body: JSON) -> str:
    """Answer with an instance of the schema in the response format, or in the messages."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None:
        schema = _schema_in("\n".join(str(message["content"]) for message in body["messages"]))
    return "Yes." if schema is None else json.dumps(_instance(schema, schema, "", 0))


def _schema_in(text: str) -> JSON | None:
    decoder = json.JSONDecoder()
    for start in (index for index, character in enumerate(text) if character == "{"):
        try:
            found, _ = decoder.raw_decode(text, start)
        except ValueError:
            continue
        if isinstance(found, dict) and found.get("type") == "object":
            return found
    return None


def _instance(node: JSON, root: JSON, name: str, depth: int) -> Any:
    """Return a small instance: first choices, two items, strings that say their name."""
    if "$ref" in node:
        return _instance(_resolved(node, root), root, name, depth + 1)
    if "enum" in node:
        return node["enum"][0]
    if "anyOf" in node:
        branches = [branch for branch in node["anyOf"] if branch.get("type") != "null"]
        is_deep = depth > _DEEPEST and len(branches) < len(node["anyOf"])
        return None if is_deep else _instance(branches[0], root, name, depth + 1)
    if node.get("type") == "object":
        return {
            key: _instance(field, root, f"{name} {key}".strip(), depth + 1)
            for key, field in node.get("properties", {}).items()
        }
    if node.get("type") == "array":
        items = range(0 if depth > _DEEPEST else 2)
        return [_instance(node["items"], root, f"{name} {item + 1}", depth + 1) for item in items]
    plain: JSON = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
    return plain.get(node.get("type", ""), name.replace("_", " ") or "text")


def _resolved(node: JSON, root: JSON) -> JSON:
    target: JSON = root
    for step in node["$ref"].removeprefix("#").strip("/").split("/"):
        target = target[step] if step else target
    return target


def _schema_faults(node: JSON, path: str) -> Iterator[str]:
    """Yield what strict mode refuses, as OpenAI documents it."""
    for keyword in sorted(node.keys() & {"allOf", "oneOf", "not", "if", "prefixItems", "default"}):
        yield f"{path}: '{keyword}' is not permitted"
    if "$ref" in node and len(node) > 1:
        yield f"{path}: '$ref' must stand alone"
    if path == "root" and node.get("type") != "object":
        yield "root: must be an object"
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            yield f"{path}: 'additionalProperties' must be false"
        if sorted(node.get("required", [])) != sorted(node.get("properties", {})):
            yield f"{path}: 'required' must name every property"
    if not node.keys() & {"type", "enum", "anyOf", "$ref"}:
        yield f"{path}: must have a 'type'"
    for name, child in [*node.get("properties", {}).items(), *node.get("$defs", {}).items()]:
        yield from _schema_faults(child, f"{path}.{name}")
    if "items" in node:
        yield from _schema_faults(node["items"], f"{path}[]")
    for branch in node.get("anyOf", []):
        yield from _schema_faults(branch, path)
