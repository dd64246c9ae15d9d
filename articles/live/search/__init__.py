"""Finding live articles by words. `results.of` is the whole of it to a view.

words      what somebody typed, as terms (pure)
sections   what of a page is looked through (pure)
index      the full-text index of the database in use
excerpts   the piece of a page that answers, with the words marked (pure)
results    a page of results
"""
