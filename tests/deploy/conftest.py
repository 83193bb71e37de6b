"""Tools that only a machine for checks has: asked for there, passed over elsewhere."""

import os
import shutil

import pytest


def need(*tools: str) -> None:
    """Skip where a tool is missing, but fail where all of them have to be there."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if not missing:
        return
    reason = f"not on this machine: {', '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def systemd() -> None:
    """Have systemd's own judge of units at hand."""
    need("systemd-analyze")


@pytest.fixture(scope="session")
def builders() -> None:
    """Have what makes a base and builds an image at hand, and the rights for it."""
    need("buildah", "mmdebstrap")
    if os.geteuid() != 0:
        pytest.skip("images are built by root here")
