"""The pages where a text is reviewed and published."""
