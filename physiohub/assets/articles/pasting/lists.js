// Lists as other programs write them, made into real ones that keep their numbers.

const LEVEL = /\blevel(\d)/;
const ROMAN = [["x", 10], ["ix", 9], ["v", 5], ["iv", 4], ["i", 1]];
const MOST = 999; // the largest number a list may begin with: articles/richtext/allowed_html.py

function ofRoman(letters) {
  let rest = letters.toLowerCase(), sum = 0;
  for (const [sign, value] of ROMAN) {
    while (rest.startsWith(sign)) {
      sum += value;
      rest = rest.slice(sign.length);
    }
  }
  return rest ? null : sum;
}

// The numbers a list's symbol may stand for, likelier first: [3] for "3.", [9, 1] for "i)"; none for a bullet.
export function numbersOf(symbol) {
  const sign = symbol.replace(/[\s\u00a0]+/g, "")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15); // Arabic and Persian
  const plain = /^[([]?(?:\d{1,4}\.){0,8}(\d{1,4})[.):\]\u3001-]{0,2}$/.exec(sign);
  if (plain) return [Number(plain[1])];
  const letters = /^[([]?([a-z]{1,6})[.)\]]{1,2}$/i.exec(sign);
  if (!letters) return [];
  const roman = ofRoman(letters[1]);
  const alphabetic = letters[1].length === 1 ? letters[1].toLowerCase().charCodeAt(0) - 96 : null;
  const found = [alphabetic, roman].filter((number) => number);
  return /^i$/i.test(letters[1]) || !alphabetic ? found.reverse() : found;
}

const isBlank = (node) =>
  node.nodeType === Node.COMMENT_NODE || (node.nodeType === Node.TEXT_NODE && !node.data.trim());

export function nextTo(node, side) {
  let other = node[side];
  while (other && isBlank(other)) other = other[side];
  return other;
}

// What Word writes in front of an item, taken out of it: between "[if !supportLists]" and "[endif]".
function takeSymbol(item, styleOf) {
  const isSymbol = (span) => /ignore/.test(styleOf(span).get("mso-list") || "");
  const ignored = [...item.querySelectorAll("span")].filter(isSymbol);
  let symbol = ignored.map((span) => span.textContent).join("");
  ignored.forEach((span) => span.remove());
  const begins = [...item.childNodes].find((node) =>
    node.nodeType === Node.COMMENT_NODE && node.data.includes("!supportLists"));
  for (let node = begins?.nextSibling; node && !/endif/.test(node.data || ""); node = begins.nextSibling) {
    symbol += node.textContent;
    node.remove();
  }
  const first = item.ownerDocument.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  while (first.nextNode()) {
    first.currentNode.data = first.currentNode.data.replace(/^[\s\u00a0]+/, "");
    if (first.currentNode.data) break;
  }
  return symbol.trim();
}

// Word's items: paragraphs that say of themselves in which list and how deep they are. Gives the number of items.
export function makeWordLists(body, styleOf, isHeading) {
  const page = body.ownerDocument;
  const items = [...body.querySelectorAll("p, div, h1, h2, h3, h4, h5, h6")].filter((block) =>
    LEVEL.test(styleOf(block).get("mso-list") || "") && block.localName !== "li");
  let root = null, open = [], lettered = 0;
  for (const item of items) {
    const level = Number(LEVEL.exec(styleOf(item).get("mso-list"))[1]);
    const symbol = takeSymbol(item, styleOf);
    if (isHeading(item)) { // a numbered heading keeps its number as words
      if (numbersOf(symbol).length) item.prepend(`${symbol} `);
      continue;
    }
    if (!root || nextTo(item, "previousSibling") !== root) open = [];
    while (open.length && open.at(-1).level > level) open.pop();
    const numbers = numbersOf(symbol), kind = numbers.length ? "ol" : "ul";
    let top = open.at(-1);
    if (top?.level === level && (top.list.localName !== kind || (kind === "ol" && !numbers.includes(top.next)))) {
      open.pop();
      top = open.at(-1);
    }
    if (!top || top.level < level) {
      const list = page.createElement(kind);
      setStart(list, numbers[0]);
      if (/[a-z]/i.test(symbol) && kind === "ol") lettered += 1;
      if (top) top.list.lastElementChild.append(list);
      else item.before(root = list);
      open.push(top = { level, list, next: numbers[0] });
    }
    const made = page.createElement("li");
    made.append(...item.childNodes);
    top.list.append(made);
    top.next += 1;
    item.remove();
  }
  return { items: items.length, lettered };
}

function setStart(list, number) {
  if (list.localName === "ol" && number > 1 && number <= MOST) list.setAttribute("start", number);
  else list.removeAttribute("start");
}

const startOf = (list) => Number.parseInt(list.getAttribute("start"), 10) || 1;

// Lists as HTML has them, but not as it should: lists in lists without an item, items that say their own number.
export function mendLists(body) {
  for (const list of body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) {
    let item = nextTo(list, "previousSibling");
    if (item?.localName !== "li") list.before(item = body.ownerDocument.createElement("li"));
    item.append(list);
  }
  for (const list of body.querySelectorAll("ol")) {
    let into = list, next = startOf(list);
    for (const item of [...list.children]) {
      const number = Number.parseInt(item.getAttribute("value"), 10);
      if (number > 0 && number !== next) {
        if (item !== list.firstElementChild) {
          const rest = list.cloneNode(false);
          into.after(rest);
          into = rest;
        }
        next = number;
        into.setAttribute("start", number);
      }
      if (into !== list) into.append(item);
      next += 1;
    }
  }
  body.querySelectorAll("ol").forEach((list) => setStart(list, startOf(list)));
}

// Lists that go on in the next element are one: some programs put every item into a list of its own.
export function joinLists(body) {
  for (const list of body.querySelectorAll("ul, ol")) {
    const before = nextTo(list, "previousSibling");
    if (before?.localName !== list.localName) continue;
    if (list.localName === "ol" && startOf(list) !== startOf(before) + before.children.length) continue;
    before.append(...list.children);
    list.remove();
  }
}

// Bullets typed as letters, as plain text brings them along, become the list they stand for.
const BULLET = /^[\s\u00a0]*[•·▪◦‣][\s\u00a0]*/;
export function makeTypedLists(body) {
  const page = body.ownerDocument;
  if (!/[•·▪◦‣]/.test(body.textContent)) return;
  const blocks = [...body.querySelectorAll("p")];
  if (!body.querySelector("p, h2, h3, ul, ol, table, blockquote")) {
    const only = page.createElement("p");
    only.append(...body.childNodes);
    body.append(only);
    blocks.push(only);
  }
  for (const block of blocks) {
    if (!BULLET.test(block.textContent) && !block.querySelector("br")) continue;
    const lines = [[]];
    for (const node of [...block.childNodes]) {
      if (node.nodeName === "BR") lines.push([]);
      else lines.at(-1).push(node);
    }
    const words = (line) => line.map((node) => node.textContent).join("");
    if (!lines.some((line) => BULLET.test(words(line)))) continue;
    const made = [];
    for (const line of lines) {
      const isItem = BULLET.test(words(line));
      const into = page.createElement(isItem ? "li" : "p");
      into.append(...line);
      if (!into.textContent.trim()) continue;
      if (!isItem) {
        made.push(into);
        continue;
      }
      const first = page.createTreeWalker(into, NodeFilter.SHOW_TEXT).nextNode();
      first.data = first.data.replace(BULLET, "");
      if (made.at(-1)?.localName !== "ul") made.push(page.createElement("ul"));
      made.at(-1).append(into);
    }
    block.replaceWith(...made);
  }
  body.querySelectorAll("ul + ul").forEach((list) => {
    list.previousElementSibling.append(...list.children);
    list.remove();
  });
}
