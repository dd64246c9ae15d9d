"""The pages on which a text is reviewed and published."""
