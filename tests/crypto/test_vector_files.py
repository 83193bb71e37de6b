"""The vectors themselves: complete, mostly hostile, made by the script there."""

import importlib.util
import re
from types import ModuleType

import pytest

from tests.vectors.reading import FOLDER, read

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
GOOD = {"ok", "answer", "dummy"}
# Files that hold what others publish, or only values, have no hostile vectors.
VALUES_ONLY = {"rows", "board", "ed25519", "prf"}


def made() -> ModuleType:
    """Return the script."""
    spec = importlib.util.spec_from_file_location("make_vectors", FOLDER / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_file_is_what_the_script_writes(name: str) -> None:
    """Nobody changes a vector by hand, and no change of the script goes unseen."""
    stored = (FOLDER / f"{name}.json").read_text(encoding="ascii")

    assert made().text_of(name) == stored


def test_script_writes_all_files() -> None:
    """No file is left behind."""
    assert sorted(made().FILES) == NAMES


def test_script_imports_nothing_of_the_product() -> None:
    """The bytes are laid out a second time, by other code."""
    text = (FOLDER / "make.py").read_text(encoding="utf-8")

    assert not re.findall(r"(?m)^(?:from|import) (?:bot|storage|adapters)", text)


@pytest.mark.parametrize("name", NAMES)
def test_vectors_say_what_they_test(name: str) -> None:
    """Each has a comment of its own and an expectation."""
    found = read(name)

    assert all(vector["comment"] and "expect" in vector for vector in found)
    assert len({vector["comment"] for vector in found}) == len(found)


@pytest.mark.parametrize("name", sorted(set(NAMES) - VALUES_ONLY))
def test_hostile_vectors_outnumber_good_ones(name: str) -> None:
    """Most vectors are there to be refused."""
    found = read(name)
    good = [
        vector
        for vector in found
        if vector["expect"] in GOOD or re.fullmatch("[0-9a-f]+", vector["expect"])
    ]

    assert 0 < 2 * len(good) < len(found)


def test_readme_names_all_files() -> None:
    """Whoever reads the folder finds each file explained."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"(?m)^\| `(\w+)\.json`", text)) == NAMES
