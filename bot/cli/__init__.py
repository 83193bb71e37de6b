"""What the command line is made of, besides the commands."""
