"""The demonstration: a small library that goes all the way from files to published pages."""
