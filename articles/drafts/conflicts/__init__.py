"""Two versions of one form, and the one they should become.

A save that was opened before a colleague's is not refused with a sentence but compared, unit by
unit: a field, a block of the text, a row, the evidence of a claim. What the form was opened on is
known by hashes alone (`opened_on`), which the form carries; that is enough to tell who changed
what:

    remembered == theirs  only I changed it          mine == remembered  only they did          else
      both did

Everything here takes values and returns values: Documents are made from forms in
articles.admin.conflicts.pages.
"""
