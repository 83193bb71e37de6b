"""Asks a platform one thing at a time, at the address from the settings.

An answer that is late, long or no JSON is no answer; what an error says is dropped.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, cast

import aiohttp

# A person waits for it.
ANSWER_SECONDS_MAX = 10
# A page of a thousand channels, with room; the other answers have a few hundred bytes.
ANSWER_BYTES_MAX = 4 * 1024 * 1024


class NotReached(Exception):
    """The platform gave no answer that can be used. The message is one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """What a platform answered: its status, its JSON, and two of its headers."""

    status: int
    content: object
    scopes: frozenset[str]
    second: int | None

    def text(self, *names: str) -> str:
        """Return a text inside the answer, or nothing."""
        value = self.value(*names)
        return value if isinstance(value, str) else ""

    def value(self, *names: str) -> object:
        """Return a value inside the answer, or None."""
        found: object = self.content
        for name in names:
            if not isinstance(found, dict):
                return None
            found = cast("dict[str, object]", found).get(name)
        return found

    def rows(self, *names: str) -> list["Answer"]:
        """Return the parts of a list inside the answer."""
        value = self.value(*names)
        rows = cast("list[object]", value) if isinstance(value, list) else []
        return [
            Answer(status=self.status, content=row, scopes=self.scopes, second=None)
            for row in rows
        ]


async def ask(
    method: str,
    address: str,
    *,
    authorization: str,
    form: Mapping[str, str] | None = None,
    content: object = None,
) -> Answer:
    """Send one request and return the answer, or raise `NotReached`."""
    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS_MAX),
            # Companies reach the world through a proxy that the environment names.
            aiohttp.ClientSession(trust_env=True) as session,
            session.request(
                method,
                address,
                headers={"Authorization": authorization},
                data=form,
                json=content,
                allow_redirects=False,
            ) as response,
        ):
            body = await response.content.read(ANSWER_BYTES_MAX)
            while not response.content.at_eof() and len(body) < ANSWER_BYTES_MAX:
                body += await response.content.read(ANSWER_BYTES_MAX - len(body))
            return Answer(
                status=response.status,
                content=_parsed(body),
                scopes=_scopes(response.headers.get("x-oauth-scopes", "")),
                second=_second(response.headers.get("Date", "")),
            )
    except TimeoutError:
        raise NotReached("it does not answer") from None
    except (aiohttp.ClientError, OSError, ValueError):
        raise NotReached("it cannot be reached from here") from None


def join(base: str, path: str) -> str:
    """Return an address below another, whether that ends with a slash or not."""
    return f"{base.rstrip('/')}/{path}"


def _parsed(body: bytes) -> Any:  # noqa: ANN401 (JSON)
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        raise NotReached("its answer is not from this platform") from None


def _scopes(header: str) -> frozenset[str]:
    return frozenset(word.strip() for word in header.split(",") if word.strip())


def _second(header: str) -> int | None:
    try:
        return int(parsedate_to_datetime(header).timestamp())
    except (TypeError, ValueError):
        return None
