"""What tests get: a hypothesis profile, a network that ends here, an installation."""

import ipaddress
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests.world import World, running_world

# How long one property may take: 500 examples on a busy machine with two cores stay
# well under the first figure; a good part of a night is the second.
CI_PROPERTY_SECONDS_MAX = 120
NIGHTLY_PROPERTY_SECONDS_MAX = 4 * 60 * 60

settings.register_profile("dev", max_examples=50)
settings.register_profile(
    "ci",
    max_examples=500,
    derandomize=True,
    deadline=None,
    print_blob=True,
    # A busy machine makes drawing slow; that says nothing about the strategy.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    max_examples=20_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)

PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or (
    "ci" if os.environ.get("CI") == "true" else "dev"
)
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give properties the time their number of examples needs, unless they say it."""
    if PROFILE == "dev":
        return
    nightly = PROFILE == "nightly"
    seconds = NIGHTLY_PROPERTY_SECONDS_MAX if nightly else CI_PROPERTY_SECONDS_MAX
    for item in items:
        test = getattr(item, "obj", None)
        if is_hypothesis_test(test) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(seconds))


class OutsideConnection(RuntimeError):
    """A test reached for another machine. Tests talk to this machine only."""


def is_here(host: object) -> bool:
    """Return whether a host, by name or by address, is this machine's loopback."""
    if host in {None, "", b"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse_outside(address: object) -> None:
    """Raise if a socket's address is another machine; paths of unix sockets pass."""
    if isinstance(address, tuple) and not is_here(address[0]):
        message = f"{address[0]!r} is not this machine: use a fake on 127.0.0.1"
        raise OutsideConnection(message)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Let sockets, asyncio's too, reach 127.0.0.1, ::1 and unix paths only."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def guarded_connect(self, address):
        refuse_outside(address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        refuse_outside(address)
        return connect_ex(self, address)

    def guarded_sendto(self, content, *rest):
        refuse_outside(rest[-1])
        return sendto(self, content, *rest)

    def guarded_getaddrinfo(host, *rest, **named):
        refuse_outside((host,))
        return getaddrinfo(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket.socket, "sendto", guarded_sendto)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Yield an installation of its own whose gate runs, at noon."""
    async with running_world(tmp_path / "house") as running:
        yield running
