"""A page from frozen content: what readers, reviewers and handouts are shown."""
