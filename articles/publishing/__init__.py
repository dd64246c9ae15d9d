"""Publishing: making a text live, now or at a set time, and the jobs that depend on the clock."""
