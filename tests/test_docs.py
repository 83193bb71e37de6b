"""The documents agree with the code, and their links lead somewhere."""

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if ".venv" not in page.parts
)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
CODE_PATH = re.compile(r"`((?:bot|adapters|storage|tests|docs)/[\w/*.-]+)`")
SECTION = re.compile(r"protocol\.md §(\d+)|\((?:§\d+, )*§(\d+)\)")


def reference() -> ModuleType:
    """Return the module that writes the reference page."""
    path = ROOT / "docs" / "make_reference.py"
    spec = importlib.util.spec_from_file_location("make_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_is_what_the_code_says() -> None:
    """Every command, setting, state and refusal stands in the reference."""
    module = reference()

    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file, and a path in code type, name something that is there."""
    text = page.read_text(encoding="utf-8")
    links = [page.parent / target for target in LINK.findall(text)]
    named = [target for target in CODE_PATH.findall(text) if "*" not in target]

    assert [str(link) for link in links if not link.exists()] == []
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_cited_sections_exist() -> None:
    """Where the code cites a section of the protocol, the protocol has it."""
    protocol = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## (\d+)\b", protocol, flags=re.MULTILINE))
    cited = {
        number
        for folder in ("bot", "storage", "adapters")
        for path in (ROOT / folder).rglob("*.py")
        for pair in SECTION.findall(path.read_text(encoding="utf-8"))
        for number in pair
        if number
    }

    assert cited
    assert cited <= sections


def test_documents_promise_nothing_too_much() -> None:
    """No page calls the bot what people would take for a promise."""
    needles = ("military" + "-grade", "100 " + "% anonymous", "un" + "hackable")
    listed = subprocess.run(
        ["git", "grep", "-il", *(part for n in needles for part in ("-e", n))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert listed.stdout.split() == []
