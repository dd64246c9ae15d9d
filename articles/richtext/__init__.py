"""Rich text: what may be in it, how it is cleaned, how claims are marked in it, and how it is
edited.
"""
