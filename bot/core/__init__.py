"""Pure rules: no await, no clock, no dice, no input or output, no log."""
