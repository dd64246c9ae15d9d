// Select words on the page, and the form for a remark holds them; remarks are shown where their words stand.
const article = document.querySelector("[data-reviewed]");
const form = document.querySelector("form[data-remark]");

const rowOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-row]")?.dataset.row ?? "";

if (article && form) {
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!article.contains(range.commonAncestorContainer)) return;
    const copy = range.cloneContents();
    for (const extra of copy.querySelectorAll("del, sup.cite, .vh")) extra.remove();
    const words = copy.textContent.replace(/\u2060/g, "").split(/\s+/).filter(Boolean).join(" ");
    if (words.length < 2) return;
    form.elements.quoted.value = words;
    const row = rowOf(range.commonAncestorContainer);
    form.elements.row.value = row.startsWith("block-") ? "" : row;
  });
}

if (article && globalThis.Highlight && CSS.highlights) {
  const found = new Highlight();
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push([walker.currentNode, text.length]);
    text += walker.currentNode.data;
  }
  const place = (at) => {
    const [node, start] = nodes.findLast(([, begin]) => begin <= at);
    return [node, at - start];
  };
  for (const quote of document.querySelectorAll("[data-quoted]")) {
    const words = quote.dataset.quoted.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const match = quote.dataset.quoted && new RegExp(words.join("\\s+")).exec(text);
    if (!match) continue;
    const range = new Range();
    range.setStart(...place(match.index));
    range.setEnd(...place(match.index + match[0].length));
    found.add(range);
  }
  CSS.highlights.set("remark", found);
}
