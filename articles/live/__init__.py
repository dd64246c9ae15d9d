"""What readers may see now: live pages, lists, search, cited works, versions, safety notices."""
