"""The one error tree. Nothing below `cli/` prints or exits; it raises one of these.

Igny8Error
├── UserError              exit 1   the user can fix it
│   ├── NotFound                    a named thing does not exist; the hint names the nearest
│   ├── Conflict                    exists already, or is in the wrong state for this act
│   ├── InvalidInput                a file or value does not fit; carries file and line
│   └── ModuleDisabled              switched off for this account
├── UsageError             exit 2   the command line does not say enough
├── ConfigError            exit 3   igny8.toml, environment, secret reference, plugin, store
├── AccessDenied           exit 4   role or tenant
├── InsufficientCredits    exit 5   needed, available
├── ExternalError          exit 6   a service outside failed
│   ├── AIError → AIOutputError, AIRefused
│   └── AdapterError
└── Busy                   exit 75  another run holds the site

Exit 8 (partly done) belongs to an `Outcome` with problems, 70 to anything that is not in this tree.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class Igny8Error(Exception):
    """Something went wrong that igny8 can explain.

    `code` is stable (`slice.what-happened`), `hint` is one action, `exit_status` what the
    process returns.
    """

    exit_status = 1
    code = "core.error"

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code


class UserError(Igny8Error):
    """The user can fix this."""

    code = "core.user-error"


class NotFound(UserError):
    """A named thing does not exist."""

    code = "core.not-found"

    @classmethod
    def named(
        cls, kind: str, name: str, known: Iterable[str] = (), *, list_with: str | None = None
    ) -> NotFound:
        """Say that `name` is unknown; offer the nearest of `known`, or the command that lists."""
        near = nearest(name, known)
        hint: str | None
        if near is not None:
            hint = f"did you mean `{near}`?"
        else:
            hint = f"run `{list_with}` to see what there is" if list_with else None
        return cls(f"there is no {kind} named `{name}`", hint=hint, code=f"core.unknown-{kind}")


class Conflict(UserError):
    """The thing exists already, or its state does not allow this."""

    code = "core.conflict"


class InvalidInput(UserError):
    """A file, value or reply does not have the form it must have."""

    code = "core.invalid-input"

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(place + message, hint=hint, code=code)
        self.file = file
        self.line = line


class ModuleDisabled(UserError):
    """The module is switched off for this account."""

    code = "system.module-disabled"


class UsageError(Igny8Error):
    """The command line does not say enough, or says two things."""

    exit_status = 2
    code = "core.usage"


class ConfigError(Igny8Error):
    """The configuration, the store or a plugin is not usable as it is."""

    exit_status = 3
    code = "config.invalid"


class AccessDenied(Igny8Error):
    """This user may not do this here."""

    exit_status = 4
    code = "accounts.access-denied"


class InsufficientCredits(Igny8Error):
    """The account does not hold enough credits for this step."""

    exit_status = 5
    code = "billing.insufficient-credits"

    def __init__(self, needed: int, available: int, *, what: str) -> None:
        super().__init__(
            f"{what} needs {needed} credits, {available} are available",
            hint="add some with `igny8 credits grant AMOUNT`, or wait for the monthly grant "
            "(`igny8 credits replenish`)",
        )
        self.needed = needed
        self.available = available


class ExternalError(Igny8Error):
    """A service outside igny8 failed. `retryable` says whether the same call may work later."""

    exit_status = 6
    code = "core.external"

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.retryable = retryable
        self.retry_after = retry_after


class AIError(ExternalError):
    """The AI provider did not answer usefully."""

    code = "ai.failed"


class AIOutputError(AIError):
    """The reply did not fit its schema, even after one repair round."""

    code = "ai.bad-output"


class AIRefused(AIError):
    """The model refused; the same prompt will be refused again."""

    code = "ai.refused"


class AdapterError(ExternalError):
    """A publishing target failed. `may_have_happened` means the outcome is unknown."""

    code = "adapters.failed"

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        may_have_happened: bool = False,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message, retryable=retryable, hint=hint, code=code)
        self.may_have_happened = may_have_happened


class Busy(Igny8Error):
    """Another run holds what this one needs."""

    exit_status = 75
    code = "jobs.busy"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the member of `known` that `name` was probably meant to be, or None."""
    matches = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return matches[0] if matches else None
