"""How good is a page by the lists of the field? Computed as far as it goes, answered by people."""
