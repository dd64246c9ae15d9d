"""How much of one typed line is looked at, so that no line costs more than it can hold."""

#: Numbers, addresses or dates that are looked at in one line. A reference has two or three of each.
MOST_TRIED = 12
