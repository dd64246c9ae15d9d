"""The librarians' workplace. A module a subject; admin code declares and phrases, and decides nothing."""

from . import records, references

__all__ = ["records", "references"]
