"""What readers and machines ask for: views, handouts, PDF, share images, rate limits."""
