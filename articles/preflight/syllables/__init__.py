"""How many syllables a word has: `spoken` reads aloud what is written, a module a language."""
