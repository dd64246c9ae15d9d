"""A reference as one printed line, in AMA or NLM style, from CSL-JSON.

`ama` follows the AMA Manual of Style, 11th edition, chapter 3. `nlm` follows Citing Medicine, 2nd
edition, the style that most people call Vancouver. The official CSL styles decide, down to the
comma.

Nothing here raises on odd CSL-JSON. A field that cannot be read (a null date, an object for a
title) counts as missing, and the line gets shorter. Both lines are plain text. To put one into a
page, use `ama_html` or `nlm_html`.
"""

from .ama_style import ama, ama_html
from .nlm_style import nlm, nlm_html

__all__ = ["ama", "ama_html", "nlm", "nlm_html"]
