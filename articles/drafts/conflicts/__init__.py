"""Two versions of one form, and the one they should become.

A save of a form that was opened before a colleague's save is not refused but compared, unit by
unit: a field, blocks of the text, a row, the evidence of a claim. The form carries hashes of what
it was opened on (`form_state`); they are enough to know who changed what:

    remembered == theirs    only I changed it
    mine == remembered      only they did
    else                    both did

Everything here takes values and returns values: articles.admin.conflicts makes a FormState of a
form.
"""
