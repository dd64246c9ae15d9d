"""The librarians' workplace, one module for each subject.

Admin code declares and phrases, and decides nothing.
"""

from . import bulk_checks, notices, records, references

__all__ = ["bulk_checks", "notices", "records", "references"]
