"""Who gets in, and who may say so.

`rights`: what only two people may give together. `access`: making and changing accounts.
`passwords`: links to set one. `log_ins`: how many wrong passwords are too many. `recording` enters
all of it in the audit log, on every way.
"""
