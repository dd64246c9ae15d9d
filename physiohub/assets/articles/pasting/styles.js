// What a copied document says about the look of an element: its own style and that of its classes. Read from the text,
// because browsers forget every "mso-…" they parse.

// "a: b; c: d" as a Map; names and values in lower case.
export function declarations(text) {
  const found = new Map();
  for (const part of (text || "").split(";")) {
    const colon = part.indexOf(":");
    if (colon > 0) found.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim().toLowerCase());
  }
  return found;
}

function withoutComments(css) {
  const [first, ...others] = css.split("/*");
  return first + others.map((part) => part.slice((part.indexOf("*/") + 2) || part.length)).join("");
}

// {"p.MsoTitle" or ".MsoTitle": Map} of the style sheets in `page`.
function rulesOfClasses(page) {
  const rules = new Map();
  for (const sheet of page.querySelectorAll("style")) {
    for (const block of withoutComments(sheet.textContent).split("}")) {
      const brace = block.lastIndexOf("{");
      if (brace < 0) continue;
      const look = declarations(block.slice(brace + 1));
      for (const selector of block.slice(0, brace).replace("<!--", "").split(",")) {
        if (/^\s*\w*\.[\w-]+\s*$/.test(selector)) rules.set(selector.trim().toLowerCase(), look);
      }
    }
  }
  return rules;
}

// A function: (element) -> Map of what applies to it, without what it inherits.
export function stylesOf(page) {
  const rules = rulesOfClasses(page);
  const known = new WeakMap();
  return (element) => {
    if (known.has(element)) return known.get(element);
    const look = new Map();
    if (rules.size) {
      for (const name of element.classList) {
        for (const tag of ["", element.localName]) {
          for (const [key, value] of rules.get(`${tag}.${name}`.toLowerCase()) || []) look.set(key, value);
        }
      }
    }
    for (const [key, value] of declarations(element.getAttribute("style"))) look.set(key, value);
    known.set(element, look);
    return look;
  };
}

// The level of a heading, 1 to 9, or 0: an element for headings, or a paragraph that only is styled as one.
export function headingLevel(element, styleOf) {
  const tag = /^h([1-6])$/.exec(element.localName);
  if (tag) return Number(tag[1]);
  if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level")) || 2;
  if (!/^(?:p|div)$/.test(element.localName)) return 0;
  const named = /(?:^|\s)(?:Mso)?Heading[-_ ]?([1-9])/i.exec(element.className);
  if (named) return Number(named[1]);
  if (/(?:^|\s)MsoTitle(?:\s|$)/.test(element.className)) return 1;
  const outline = /^[1-9]/.exec(styleOf(element).get("mso-outline-level") || "");
  return outline ? Number(outline[0]) : 0;
}

// "sup", "sub" or null: whether the words of an inline element stand higher or lower than those around them.
export function raised(element, styleOf) {
  if (/FootnoteReference|EndnoteReference/.test(element.className)) return "sup";
  const look = styleOf(element);
  const align = look.get("vertical-align") || "", raise = look.get("mso-text-raise") || "";
  if (align === "super" || align === "sub") return align === "super" ? "sup" : "sub";
  for (const height of [raise, align]) {
    const amount = /^[+-]?\d*\.?\d+(?=[a-z%])/.exec(height) ? Number.parseFloat(height) : 0;
    if (amount) return amount > 0 ? "sup" : "sub";
  }
  return null;
}

export function isBold(look) {
  const weight = look.get("font-weight");
  return weight ? weight.startsWith("bold") || Number(weight) >= 600 : null;
}

export function isItalic(look) {
  const style = look.get("font-style");
  return style ? style === "italic" || style === "oblique" : null;
}

export const isStruck = (look) =>
  /line-through/.test(`${look.get("text-decoration") || ""} ${look.get("text-decoration-line") || ""}`);

export const isHidden = (look) => look.get("display") === "none" || look.get("mso-hide") === "all";
