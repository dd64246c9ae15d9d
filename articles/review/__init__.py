"""Review: asking for it, deciding, commenting, and who may do what."""
