"""One package for each platform: parse, listen, render."""
