"""Commands to copy, at the end of each command's help."""


def example(*lines: str) -> str:
    """Return commands to copy, which the help shows as they stand."""
    return "\n".join(["\b", "For example:", *(f"  {line}" for line in lines)])
