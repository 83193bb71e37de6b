"""The shared core: every rule of polls, petitions and report boxes."""
