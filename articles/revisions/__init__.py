"""What an article is made of, frozen: one immutable text for review, publication and the page."""
