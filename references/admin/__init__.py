"""The librarians' workplace. A module a subject; admin code declares and phrases, and decides nothing."""

from . import notices, records, references

__all__ = ["notices", "records", "references"]
