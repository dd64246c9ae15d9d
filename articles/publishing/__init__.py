"""Publishing: putting a text live, at a set time, and all that is done by the clock."""
