"""The article's form, its rows and its evidence."""
