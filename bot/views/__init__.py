"""Neutral presentation: what people see, in no platform's shape."""
