"""Numbers in Arabic, with the digits our pages use: 12,981 and 0.5.

CLDR has these separators for Arabic with Western digits, and so do the texts of our writers.
Django's are those for other digits: 12.981 would be read as a small number here.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
