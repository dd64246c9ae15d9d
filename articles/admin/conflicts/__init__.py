"""Nothing typed is lost: unsaved work, stale saves, saves without a session."""
