"""Records that acts have written, the inboxes of people, and the shared vocabulary."""
