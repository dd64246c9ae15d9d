"""What studies found: in numbers, in sentences, in pictures, and read from tables.

Nothing here touches the database.
"""
