"""Rich text: what may be in it, how it is cleaned and edited, and how claims are marked in it."""
