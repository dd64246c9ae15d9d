"""Every reader of foreign input, fed with what a machine makes up: `make fuzz`."""
