"""Reads the vectors beside this file."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
Vector = dict[str, Any]


def read(name: str) -> list[Vector]:
    """Return the vectors of a file."""
    content = json.loads((FOLDER / f"{name}.json").read_text(encoding="ascii"))
    found: list[Vector] = content["vectors"]
    return found


def vectors(name: str, *expected: str) -> Any:
    """Return the vectors of a file as a test's parameters, named by their comments.

    With `expected`, only those that expect one of these.
    """
    return [
        pytest.param(vector, id=vector["comment"])
        for vector in read(name)
        if not expected or vector["expect"] in expected
    ]


def bytes_of(vector: Vector) -> bytes:
    """Return what a vector gives as a text or in hexadecimal."""
    text: str | None = vector.get("text")
    return bytes.fromhex(vector["hex"]) if text is None else text.encode()
