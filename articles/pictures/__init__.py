"""Pictures: checked and written again, kept, and given out."""
