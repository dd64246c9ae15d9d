"""The demonstration: one article that goes all the way from a file to a published page."""
