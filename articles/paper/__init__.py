"""What stands on paper: one sheet, what gives way on it, its PDF, and where that is kept."""
