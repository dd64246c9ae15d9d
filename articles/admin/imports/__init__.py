"""The pages on which a document becomes a draft."""
