// Small things the form's scripts are made of.

// An element; attributes as written in HTML, children as text or elements, never as HTML.
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== ""));
  return made;
}

export function options(pairs, chosen) {
  const select = document.createElement("select");
  select.append(...pairs.map(([value, label]) => new Option(label, value, false, value === chosen)));
  return select;
}

const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

// A claim key, as articles/richtext/markers.py draws them.
export function draw() {
  return "c" + Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => LETTERS[byte & 31]).join("");
}

// A UUID of version 4. crypto.randomUUID is there on secure pages only, and a clinic's laptop is none.
export function newUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
