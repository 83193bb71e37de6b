"""The file of a keystore, byte for byte."""

from pathlib import Path

import pytest

from bot.core.records import Party
from storage.faults import Fault, NewerVersion
from storage.keystore import KeystoreUnreadable, SealedKeystore, WrongPassphrase
from tests.vectors.reading import Vector, vectors

FAULTS: dict[str, type[Fault]] = {
    "wrong passphrase": WrongPassphrase,
    "unreadable": KeystoreUnreadable,
    "newer": NewerVersion,
}


@pytest.mark.parametrize("vector", vectors("keystores"))
def test_vectors(vector: Vector, tmp_path: Path) -> None:
    """A file opens with its passphrase, or says what is wrong with it."""
    path = tmp_path / "keystore"
    path.write_bytes(bytes.fromhex(vector["hex"]))
    fault = FAULTS.get(vector["expect"])
    if fault:
        with pytest.raises(fault):
            SealedKeystore.open(path, vector["passphrase"], Party.GATE)
    else:
        keystore = SealedKeystore.open(path, vector["passphrase"], Party.GATE)

        assert keystore.content.hex() == vector["content"]


@pytest.mark.parametrize("vector", vectors("keystores", "ok"))
def test_other_passphrase(vector: Vector, tmp_path: Path) -> None:
    """Another passphrase, or another role, opens nothing."""
    path = tmp_path / "keystore"
    path.write_bytes(bytes.fromhex(vector["hex"]))

    with pytest.raises(WrongPassphrase):
        SealedKeystore.open(path, vector["passphrase"] + "!", Party.GATE)
    with pytest.raises(WrongPassphrase):
        SealedKeystore.open(path, vector["passphrase"], Party.COUNTER)
