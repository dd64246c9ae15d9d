"""Keeping what people typed: unsaved work, save conflicts, saves after the session ended."""
