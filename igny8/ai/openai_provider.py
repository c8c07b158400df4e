"""Any OpenAI-compatible endpoint, through the `openai` SDK. Knows no prompt and judges no output.

The SDK is imported at the first call: it takes half a second and an offline command never needs it.
Compatible servers differ, and say so with a 400: the provider simplifies the one thing that the
server objects to, and remembers what worked for as long as it lives.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import ValidationError

from igny8.ai.dialect import Dialect, is_too_long, objection_of, words_of
from igny8.ai.provider import Reply, Request, Usage
from igny8.core.errors import AIError, ConfigError

if TYPE_CHECKING:
    import httpx2
    import openai
    from openai.types.chat.chat_completion import Choice

T = TypeVar("T")

OPENAI_URL = "https://api.openai.com/v1"
LONGEST_WAIT = 60.0

_FINISHES: dict[str, Literal["complete", "length", "filtered"]] = {
    "stop": "complete",
    "length": "length",
    "content_filter": "filtered",
}
# The SDK adds facts about this machine, and headers from environment variables that were meant for
# another endpoint. Nothing leaves but these.
_SENT_HEADERS = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "x-client-request-id",
}
_CHECK_URL = (
    "check `base_url` of [ai] in igny8.toml (it usually ends in /v1), or run `igny8 doctor`"
)


@dataclass(frozen=True, slots=True)
class Probe:
    """What `doctor` finds out. `models` is empty when the server lists none."""

    base_url: str
    model: str | None
    models: tuple[str, ...]
    is_model_listed: bool
    has_answered: bool


class OpenAIProvider:
    """Talks to one endpoint with one model.

    Time-outs in seconds. Raises ConfigError for a URL or key that cannot work.
    """

    name = "openai"

    def __init__(
        self,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        model: str | None = None,
        timeout: float = 120.0,
        connect_timeout: float = 5.0,
        retries: int = 2,
    ) -> None:
        self.model = model
        self.base_url = _checked_url(base_url or OPENAI_URL)
        self._key = _checked_key(api_key)
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._retries = retries
        self._dialect = Dialect()
        self._has_worked = False
        self._made: openai.OpenAI | None = None
        self._making = threading.Lock()

    def complete(self, request: Request) -> Reply:
        """Ask the model. Raises AIError for everything that goes wrong outside.

        Time-outs, dropped connections, 429 and 5xx are retried first; a server that asks for a
        longer wait than a minute is not waited for (`retry_after` in seconds).
        """
        if not self.model:
            raise ConfigError(
                "no AI model is chosen",
                hint="set `model` of [ai] in igny8.toml; `igny8 doctor` lists what the server has",
                code="ai.no-model",
            )
        headers = {"X-Client-Request-Id": quote(request.request_id, safe="/:")[:512]}
        completion = self._translated(
            lambda: self._create(lambda dialect: dialect.arguments(request), headers)
        )
        return self._reply(request, completion)

    def probe(self) -> Probe:
        """List the server's models; where it has no list, make one tiny call. Raises AIError."""
        models = self._translated(self._listed_models)
        has_answered = models is not None
        if models is None and self.model:
            ping = [{"role": "user", "content": "Say yes."}]
            completion = self._translated(
                lambda: self._create(lambda dialect: {dialect.token_limit: 16, "messages": ping})
            )
            self._choice(completion)
            has_answered = True
        models = models or ()
        return Probe(self.base_url, self.model, models, self.model in models, has_answered)

    def _client(self) -> openai.OpenAI:
        with self._making:
            if self._made is None:
                self._made = self._make_client()
            return self._made

    def _make_client(self) -> openai.OpenAI:
        import httpx2
        import openai

        def only_what_we_send(request: httpx2.Request) -> None:
            for header in set(request.headers) - _SENT_HEADERS:
                del request.headers[header]
            if self._key is None:
                request.headers.pop("authorization", None)
            else:
                request.headers["authorization"] = f"Bearer {self._key}"

        timeout = httpx2.Timeout(self._timeout, connect=self._connect_timeout)
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self._key or "none",  # None would make the SDK take OPENAI_API_KEY
            max_retries=self._retries,
            timeout=timeout,
            http_client=httpx2.Client(
                timeout=timeout,
                # A call takes seconds, a handshake does not; nothing is left open to be closed.
                limits=httpx2.Limits(max_keepalive_connections=0),
                # A redirect could carry the prompt, a proxy for plain HTTP could read the key.
                follow_redirects=False,
                trust_env=self.base_url.startswith("https:"),
                event_hooks={"request": [only_what_we_send], "response": [_refuse_vain_retries]},
            ),
        )

    def _create(
        self,
        arguments: Callable[[Dialect], dict[str, Any]],
        headers: dict[str, str] | None = None,
    ) -> object:
        """Call in the dialect that worked last; give in to the server's objections, one by one."""
        import openai

        dialect = self._dialect
        create: Callable[..., object] = self._client().chat.completions.create
        while True:
            try:
                completion = create(model=self.model, extra_headers=headers, **arguments(dialect))
            except openai.APIStatusError as error:
                simpler = self._simpler(dialect, error)
                if simpler is None:
                    raise
                dialect = simpler
            else:
                self._dialect, self._has_worked = dialect, True
                return completion

    def _simpler(self, dialect: Dialect, error: openai.APIStatusError) -> Dialect | None:
        if error.status_code in (400, 422):
            return dialect.without(objection_of(error))
        if error.status_code == 500 and not self._has_worked:
            return dialect.without_schema()  # llama-cpp-python fails so, where others object
        return None

    def _listed_models(self) -> tuple[str, ...] | None:
        import openai

        try:
            # Not `models.list()`: the SDK breaks on a body that is no list of models.
            body = self._client().with_options(max_retries=0).get("/models", cast_to=object)
        except openai.APIStatusError as error:
            if error.status_code in (404, 405, 501):
                return None
            raise
        listed = body.get("data") if isinstance(body, dict) else None
        if not isinstance(listed, list):
            raise self._not_openai()
        return tuple(sorted(str(model.get("id")) for model in listed if isinstance(model, dict)))

    def _reply(self, request: Request, completion: object) -> Reply:
        choice = self._choice(completion)
        message = choice.message
        text = _sound(message.content)
        usage = _usage(completion) or Usage.estimated(request.messages, text)
        model = getattr(completion, "model", None) or self.model
        if message.refusal:
            return Reply(_sound(message.refusal), "refused", usage, model)
        finish = _FINISHES.get(choice.finish_reason)
        if finish is None:
            raise AIError(
                f"{self._where} ended its reply without saying that it was complete"
                f" (finish reason: {self._clean(str(choice.finish_reason))})",
                retryable=True,
                hint="run it again",
                code="ai.incomplete",
            )
        return Reply(text, finish, usage, model)

    def _choice(self, completion: object) -> Choice:
        from openai.types.chat import ChatCompletion, ChatCompletionMessage
        from openai.types.chat.chat_completion import Choice

        choices = completion.choices if isinstance(completion, ChatCompletion) else None
        choice = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(choice, Choice) and isinstance(choice.message, ChatCompletionMessage):
            return choice
        raise self._not_openai()

    def _not_openai(self) -> AIError:
        return AIError(
            f"{self._where} answered, but not as an OpenAI-compatible server does",
            hint=_CHECK_URL,
            code="ai.not-openai",
        )

    @property
    def _where(self) -> str:
        return f"the AI server at {self.base_url}"

    def _translated(self, call: Callable[[], T]) -> T:
        import httpx2
        import openai

        try:
            return call()
        except openai.APIStatusError as error:
            failure = self._status_failure(error)
        except openai.APITimeoutError:
            failure = AIError(
                f"{self._where} did not answer within {self._timeout:g} seconds",
                retryable=True,
                hint="raise `timeout` of [ai] in igny8.toml, or ask for less at once",
                code="ai.timeout",
            )
        except openai.APIConnectionError as error:
            failure = AIError(
                f"{self._where} cannot be reached: {self._clean(str(error.__cause__ or error))}",
                retryable=True,
                hint=_CHECK_URL,
                code="ai.unreachable",
            )
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError, ValidationError):
            failure = self._not_openai()
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            failure = AIError(f"{self._where} failed: {self._clean(str(error))}", hint=_CHECK_URL)
        # Raised here, not in the handlers: the SDK's exceptions hold the request with the key, and
        # would stand in every traceback as the context of this one.
        raise failure

    def _status_failure(self, error: openai.APIStatusError) -> AIError:
        status = error.status_code
        if status == 402 or _is_out_of_quota(error.code, error.type):
            return AIError(
                f"the account at {self.base_url} is out of quota",
                hint="add money or raise the limit at the provider, or choose another `model`",
                code="ai.quota-exhausted",
            )
        code, hint = _explained(status, is_too_long=is_too_long(error))
        said = self._clean(words_of(error))
        return AIError(
            f"{self._where} answered {status}{f': {said}' if said else ''}",
            retryable=status in (408, 409, 429) or status >= 500,
            retry_after=_retry_after(error.response),
            hint=hint,
            code=code,
        )

    def _clean(self, text: str) -> str:
        """One line, short, and without the key: servers like to quote it."""
        if self._key and len(self._key) >= 8:  # a local server's "ollama" is a word, not a secret
            text = text.replace(self._key, "[key]")
        return " ".join(text.split())[:300]


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            "`base_url` of [ai] is not a web address",
            hint="write it whole, such as http://localhost:11434/v1",
        )
    if "@" in parts.netloc:
        raise ConfigError(
            "`base_url` of [ai] holds a password", hint='give the key as `api_key = "env:NAME"`'
        )
    return url.rstrip("/")


def _checked_key(key: str | None) -> str | None:
    key = (key or "").strip()
    if not all("!" <= character <= "~" for character in key):
        raise ConfigError(
            "the AI key holds characters that no key has",
            hint="check what `api_key` of [ai] refers to",
        )
    return key or None


def _explained(status: int, *, is_too_long: bool) -> tuple[str, str]:
    """Return our error code and the hint for a status."""
    if is_too_long:
        return "ai.too-long", "give it less material at once, or choose a model with more context"
    if status in (401, 403):
        return "ai.not-authorised", "check what `api_key` of [ai] in igny8.toml refers to"
    if status == 404:
        return "ai.not-found", (
            "check `base_url` and `model` of [ai]; `igny8 doctor` lists the server's models"
        )
    if status == 429:
        return "ai.rate-limited", "run it again later: what is done stays done"
    if status >= 500:
        return "ai.server-failed", ("run it again later: what is done stays done")
    if 300 <= status < 400:
        return "ai.redirected", "set `base_url` of [ai] to the final address"
    return "ai.rejected", "check `model` of [ai] and the prompt, or run `igny8 doctor`"


def _is_out_of_quota(code: str | None, kind: str | None) -> bool:
    return "insufficient_quota" in (code, kind)


def _refuse_vain_retries(response: httpx2.Response) -> None:
    """Keep the SDK from waiting for minutes, and from asking again where only money helps."""
    wait = _retry_after(response)
    is_vain = wait is not None and wait > LONGEST_WAIT
    if response.status_code == 429 and not is_vain:
        response.read()
        is_vain = "insufficient_quota" in response.text
    if is_vain:
        response.headers["x-should-retry"] = "false"


def _retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds that the server asks for; a date counts from the server's own clock."""
    asked = response.headers.get("retry-after")
    if asked is None:
        return None
    try:
        if asked.replace(".", "", 1).isdigit():
            return float(asked)
        until, since = (parsedate_to_datetime(text) for text in (asked, response.headers["date"]))
        return max(0.0, (until - since).total_seconds())
    except (ValueError, TypeError, LookupError):
        return None


def _sound(text: object) -> str:
    """Return text that can be encoded: JSON can carry half a surrogate pair."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""


def _usage(completion: object) -> Usage | None:
    usage = getattr(completion, "usage", None)
    asked = getattr(usage, "prompt_tokens", None)
    answered = getattr(usage, "completion_tokens", None)
    if not (isinstance(asked, int) and isinstance(answered, int)):
        return None
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None)
    return Usage(asked, answered, cached if isinstance(cached, int) else 0)
