"""The demonstration: one article that goes the whole way, as people would take it."""
