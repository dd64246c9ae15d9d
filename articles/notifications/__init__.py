"""What people are told of: their inbox, and e-mail that passes it on."""
