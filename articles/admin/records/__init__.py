"""What acts have written, people's inboxes, and the shared vocabulary."""
