// Words that are selected on the page go into the form for a comment. Comments are shown at the words they are about.
const article = document.querySelector("[data-reviewed]");
const form = document.querySelector("form[data-comment]");

// Parts of the page that are not words of the text. A comment quotes the words without them.
const NOT_WORDS = "del, sup.cite, .vh, .review-jump";

const rowOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-row]")?.dataset.row ?? "";

if (article && form) {
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!article.contains(range.commonAncestorContainer)) return;
    const copy = range.cloneContents();
    for (const extra of copy.querySelectorAll(NOT_WORDS)) extra.remove();
    const words = copy.textContent.replace(/\u2060/g, "").split(/\s+/).filter(Boolean).join(" ");
    if (words.length < 2) return;
    form.elements.quoted.value = words;
    const row = rowOf(range.commonAncestorContainer);
    form.elements.row.value = row.startsWith("block-") ? "" : row;
  });
}

// Some browsers ignore autofocus outside of form fields. The refusal must be read first there too.
document.querySelector(".review-refused[autofocus]")?.focus();

// Lead from a comment to its words and back, by link, so that the keyboard does it too.
if (article) {
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(NOT_WORDS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
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
  const found = [];
  for (const quote of document.querySelectorAll("[data-quoted]")) {
    const words = quote.dataset.quoted.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const match = quote.dataset.quoted && new RegExp(words.join("\\s+")).exec(text);
    if (!match) continue;
    const range = new Range();
    range.setStart(...place(match.index));
    const [node, offset] = place(match.index + match[0].length - 1);
    range.setEnd(node, offset + 1);
    found.push([range, quote, match.index + match[0].length]);
  }
  if (globalThis.Highlight && CSS.highlights) {
    CSS.highlights.set("comment", new Highlight(...found.map(([range]) => range)));
  }
  // From the end, so that what is put in moves no place that is still to be found.
  for (const [range, quote] of found.toSorted(([, , one], [, , other]) => other - one)) {
    const id = quote.dataset.commentId;
    if (!id || range.endContainer.parentElement.closest("a, button, summary")) continue;
    const jump = document.createElement("a");
    jump.href = `#remark-${id}`;
    jump.id = `words-${id}`;
    jump.className = "review-jump";
    jump.textContent = quote.dataset.by;
    const end = range.cloneRange();
    end.collapse(false);
    end.insertNode(jump);
    const way = document.querySelector(`[data-words-of="${id}"]`);
    way.href = `#words-${id}`;
    way.parentElement.hidden = false;
  }
}
