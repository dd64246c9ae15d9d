"""Languages as databases write them, to the two letters of CSL (ISO 639-1), and back."""

_LANGUAGES = {
    "en": ("eng", "english"),
    "de": ("ger", "deu", "german"),
    "fr": ("fre", "fra", "french"),
    "es": ("spa", "spanish"),
    "it": ("ita", "italian"),
    "pt": ("por", "portuguese"),
    "nl": ("dut", "nld", "dutch"),
    "ja": ("jpn", "japanese"),
    "zh": ("chi", "zho", "chinese"),
    "ko": ("kor", "korean"),
    "ru": ("rus", "russian"),
    "pl": ("pol", "polish"),
    "sv": ("swe", "swedish"),
    "da": ("dan", "danish"),
    "no": ("nor", "norwegian"),
    "fi": ("fin", "finnish"),
    "tr": ("tur", "turkish"),
    "cs": ("cze", "ces", "czech"),
    "hu": ("hun", "hungarian"),
    "el": ("gre", "ell", "greek"),
    "he": ("heb", "hebrew"),
    "ar": ("ara", "arabic"),
    "fa": ("per", "fas", "persian"),
    "uk": ("ukr", "ukrainian"),
}
_SHORT = {name: short for short, names in _LANGUAGES.items() for name in names}
_LONG = {short: names[0] for short, names in _LANGUAGES.items()}


def short(text: str) -> str:
    """Return “en” for “eng” and “English”; any other text as it is."""
    return _SHORT.get(text.strip().lower(), text)


def long(text: str) -> str:
    """Return “eng” for “en”, as MEDLINE writes it; any other text as it is."""
    return _LONG.get(text, text)
