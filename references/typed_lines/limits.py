"""How much of one typed line is searched, so that no line costs more than its length explains."""

#: Numbers, addresses or dates that are tried in one line. A reference has two or three of each.
MOST_TRIED = 12
