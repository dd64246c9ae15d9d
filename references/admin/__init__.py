"""The librarians' workplace.

A module a subject; admin code declares and phrases, and decides nothing.
"""

from . import bulk_checks, notices, records, references

__all__ = ["bulk_checks", "notices", "records", "references"]
