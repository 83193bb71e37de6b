"""The import contracts of pyproject.toml hold, and each of them can fail."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "storage")
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

# For each contract, one import that must not be: the module that imports and the module
# that is imported. Where either is not there yet, the test makes it.
BREACHES = {
    "layers": ("bot.core.breach", "bot.views"),
    "rooms": ("bot.desk", "bot.gate"),
    "opening": ("bot.compose", "bot.crypto.opening"),
    "unsealing": ("bot.gate", "bot.crypto.unsealing"),
    "paper": ("bot.router", "bot.printing"),
    "cascade": ("bot.gate", "bot.crypto.cascade"),
    "tags": ("bot.router", "bot.crypto.tags"),
    "mail": ("bot.desk", "bot.crypto.mail"),
    "cases": ("bot.desk", "bot.crypto.cases"),
    "mutes": ("bot.gate", "bot.crypto.mutes"),
    "adapters": ("bot.__main__", "adapters"),
    "storage": ("bot.__main__", "storage"),
    "raw": ("bot.gate", "bot.core.running"),
    "keystores": ("bot.gate", "bot.crypto.counter_secrets"),
    "platforms": ("adapters.console", "adapters.slack"),
    "pure": ("bot.core.breach", "time"),
    "vendors": ("bot.gate", "slack_sdk"),
    "unopened": ("adapters.console", "bot.counter"),
}


def lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages that lie in a folder."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_tree(folder: Path) -> Path:
    """Copy what import-linter reads: the three packages and their contracts."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            folder / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def module_file(folder: Path, module: str) -> Path:
    """Return the file of a module of ours, made empty if there is none yet."""
    stem = folder.joinpath(*module.split("."))
    file = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
    file.touch()
    return file


def add_import(folder: Path, importer: str, imported: str) -> None:
    """Append one import to a module."""
    if imported.split(".", maxsplit=1)[0] in PACKAGES:
        module_file(folder, imported)
    with module_file(folder, importer).open("a") as text:
        text.write(f"\nimport {imported}\n")


def test_all_contracts_hold() -> None:
    """No module imports what it may not import."""
    run = lint_imports(ROOT)

    assert run.returncode == 0, run.stdout


def test_each_contract_has_its_breach() -> None:
    """Whoever adds a contract also shows that it can fail."""
    assert {contract["id"] for contract in LINTER["contracts"]} == set(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_contract_can_fail(contract: str, tmp_path: Path) -> None:
    """One forbidden import breaks the contract that forbids it."""
    names = {each["id"]: each["name"] for each in LINTER["contracts"]}
    add_import(copy_tree(tmp_path), *BREACHES[contract])

    run = lint_imports(tmp_path, "--contract", contract)

    assert run.returncode == 1, run.stdout
    assert f"{names[contract]} BROKEN" in run.stdout


def test_each_module_has_its_layer() -> None:
    """A new module of the bot is given its place before it is used."""
    layers = {
        name.strip(" ()")
        for contract in LINTER["contracts"]
        for layer in contract.get("layers", [])
        for name in layer.replace("|", ":").split(":")
    }
    modules = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and path.name != "__init__.py"
    }

    assert modules <= layers
