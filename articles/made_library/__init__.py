"""A library of any size, made up to measure the site with: seeded, and like pages people write.

texts      the made-up words of a page, in three languages
works      the made-up works that pages cite
vocabulary conditions, side effects, reasons not to have it and explained words
drawing    what one page says, drawn from its number
rows       its working rows, and its frozen content
history    revisions, approvals and publications of many pages at once
processes  parts that several processes draw at once, and write in order
growing    the whole library, part by part
"""
