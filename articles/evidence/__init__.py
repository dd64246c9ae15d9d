"""Evidence for claims: linking it, and the table of claims by sources."""
