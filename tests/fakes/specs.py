"""The formats that vendors publish, read from outside this repository."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PLACES = (
    os.environ.get("ROUNDROBIN_SPECS", ""),
    str(Path(__file__).parents[3] / "shared" / "specs"),
)


@cache
def published(name: str) -> dict[str, Any] | None:
    """Return a published schema, or nothing where there is no copy of it."""
    for place in PLACES:
        path = Path(place) / name
        if place and path.is_file():
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return found
    return None


def require(name: str) -> dict[str, Any]:
    """Return a published schema; without a copy the test is skipped, but not in CI."""
    found = published(name)
    if found is None:
        reason = f"no copy of {name}: name its folder in ROUNDROBIN_SPECS"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
