"""The pages where a document becomes a draft."""
