"""Changing a draft: edits, restoring, save conflicts, merged references, translations."""
