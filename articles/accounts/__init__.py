"""Who gets in, and who may say so.

`rights`: what only two people may give together. `access`: making and changing accounts.
`passwords`: links to set one. `logging_in`: a password, then a code. `second_factors`: the apps and
recovery codes that codes come from; `factor_links`: another one for a lost phone;
`remembered_devices`: browsers that need none. `log_ins`: how many wrong passwords and codes are too
many. `sessions`: how long a log-in lasts. `recording` enters all of it in the audit log, on every
way.
"""
