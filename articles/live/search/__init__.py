"""Finding live articles by words. A view calls `results.search` alone.

query      what somebody typed, as terms (pure)
sections   what search looks through in a page (pure)
index      the full-text index of the database in use
excerpts   the part of a page that answers, with the words marked (pure)
results    a page of results
"""
