"""`roundrobin bench`: how close the bot comes to the limits of its machine."""
