"""Who gets in, and who may say so."""
