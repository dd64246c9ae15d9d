"""Writing the formats that we export, each in a module with `write(csl, uid, known)`.

A writer reads back what it wrote, so it knows the reader of its format; no reader knows a writer.
"""
