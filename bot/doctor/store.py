"""The database: whole, of this version, and set so that what is deleted is gone."""

from pathlib import Path

from bot.doctor.findings import Finding, fail, fine, warn, worst
from bot.ports import StorageError
from storage.folder import DataFolder
from storage.inspection import DatabaseLook, look_at_database

# SQLite's figures: 2 is FULL, which survives a power cut; 1 writes zeros over rows.
_SYNCHRONOUS_FULL = 2
_SECURE_DELETE_ON = 1


async def check_database(folder: Path) -> list[Finding]:
    """Open the database as the bot would, and say what is wrong with it."""
    try:
        look = await look_at_database(DataFolder(folder).database)
    except StorageError as fault:
        return [
            fail(
                "database",
                str(fault),
                "stop the bot, check the disk, and follow docs/howto/restore.md",
            )
        ]
    return judge_database(look)


def judge_database(look: DatabaseLook) -> list[Finding]:
    """Say which of the database's settings are not as they have to be."""
    if not look.written_ahead:
        return [
            fail(
                "database",
                "the database does not write its log ahead; on a network drive it "
                "cannot, and a crash may lose answers there",
                "move the folder to a disk of this computer, then start the bot once",
            )
        ]
    faults: list[Finding] = []
    if look.synchronous != _SYNCHRONOUS_FULL:
        faults.append(
            fail(
                "database",
                "a power cut may lose answers that were acknowledged",
                "install the SQLite that Python brings along (synchronous is not FULL)",
            )
        )
    if look.secure_delete != _SECURE_DELETE_ON:
        faults.append(
            fail(
                "database",
                "what is deleted stays readable in the file",
                "install the SQLite that Python brings along (secure_delete is off)",
            )
        )
    return [
        *worst(
            faults, fine("database", "whole; the log is written ahead; synchronous")
        ),
        _judge_schema(look),
    ]


def _judge_schema(look: DatabaseLook) -> Finding:
    if look.is_newer:
        return fail(
            "schema",
            "the tables were made by a newer version of Roundrobin",
            "install that version again, or newer: docs/howto/rollback.md",
        )
    if look.is_older:
        return warn(
            "schema",
            "the tables are of an older version; the next start brings them up to date",
            "back up first, then start: docs/howto/upgrade.md",
        )
    return fine("schema", "the tables are of this version")
