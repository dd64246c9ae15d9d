// The claim marker in the editor: <mark data-claim="KEY">a phrase</mark>. This plugin marks, unmarks, and keeps markers
// whole while people type. It does not know what a claim means. It reports changes to the adapter. What is pasted goes
// through pasting.js.
/* global CKEDITOR */
(() => {
  const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"; // 32 of them, so that five random bits make one

  function newKey() {
    return "c" + Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => LETTERS[byte & 31]).join("");
  }

  function markerAt(node) {
    const element = node && (node.type === CKEDITOR.NODE_ELEMENT ? node : node.getParent());
    return element && element.getAscendant("mark", true);
  }

  function keyOf(marker) {
    return marker ? marker.getAttribute("data-claim") : null;
  }

  // The first claim the selection touches.
  function keyIn(range) {
    const at = keyOf(markerAt(range.startContainer)) || keyOf(markerAt(range.endContainer));
    if (at || range.collapsed) return at;
    const held = range.cloneContents().$.querySelector("mark[data-claim]");
    return held && held.getAttribute("data-claim");
  }

  // A caret with nothing selected means its sentence; in a list, the item.
  function widenToSentence(range, editor) {
    const path = new CKEDITOR.dom.elementPath(range.startContainer, editor.editable());
    const block = path.block || range.startContainer.getAscendant("li", true);
    if (!block || block.equals(editor.editable())) return;
    const walker = document.createTreeWalker(block.$, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let text = "", caret = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest("p,li,td,th,h2,h3,blockquote,caption") !== block.$) continue;
      if (node === range.startContainer.$) caret = text.length + range.startOffset;
      pieces.push({ node, from: text.length });
      text += node.data;
    }
    if (!text.trim()) return;
    if (caret === null) caret = 0;
    let from = 0, to = text.length;
    for (const end of text.matchAll(/[.!?؟。]["”’)]*\s+/g)) {
      const next = end.index + end[0].length;
      if (next <= caret) from = next;
      else { to = next; break; }
    }
    set(range, pieces, from, to, text);
  }

  function set(range, pieces, from, to, text) {
    while (from < to && /[\s\u200b]/.test(text[from])) from++;
    while (to > from && /[\s\u200b]/.test(text[to - 1])) to--;
    const reaches = (piece, offset) => piece.from < offset || (piece.from === offset && offset === from);
    const at = (offset) => pieces.findLast((piece) => reaches(piece, offset)) || pieces[0];
    const start = pieces.findLast((piece) => piece.from <= from), end = at(to);
    range.setStart(new CKEDITOR.dom.text(start.node), from - start.from);
    range.setEnd(new CKEDITOR.dom.text(end.node), to - end.from);
  }

  // Blanks at the edges of a double click or a drag are no part of the claim.
  function trim(range) {
    const start = range.startContainer, end = range.endContainer;
    if (start.type !== CKEDITOR.NODE_TEXT || end.type !== CKEDITOR.NODE_TEXT) return;
    const before = start.getText(), after = end.getText();
    let from = range.startOffset, to = range.endOffset;
    while (from < before.length && /\s/.test(before[from])) from++;
    while (to > 0 && /\s/.test(after[to - 1])) to--;
    if (!start.equals(end) || from < to) {
      range.setStart(start, from);
      range.setEnd(end, to);
    }
  }

  const style = (key) => new CKEDITOR.style({ element: "mark", attributes: { "data-claim": key } });

  function mark(editor) {
    const selection = editor.getSelection();
    const range = selection && selection.getRanges()[0];
    if (!range) return;
    const standing = keyIn(range);
    if (standing) {
      editor.fire("claimOpened", { key: standing, isTouched: !range.collapsed });
      return;
    }
    if (range.collapsed) widenToSentence(range, editor);
    else trim(range);
    if (range.collapsed || !range.cloneContents().getFirst()) return;
    range.select();
    const key = newKey();
    editor.applyStyle(style(key));
    if (!editor.editable().findOne(`mark[data-claim="${key}"]`)) return;
    editor.fire("claimAdded", { key });
  }

  function unmark(editor, key) {
    const markers = editor.editable().find(`mark[data-claim="${key}"]`).toArray();
    if (!markers.length) return;
    editor.fire("saveSnapshot");
    const bookmarks = editor.getSelection() && editor.getSelection().createBookmarks();
    markers.forEach((marker) => marker.remove(true));
    if (bookmarks) editor.getSelection().selectBookmarks(bookmarks);
    editor.fire("saveSnapshot");
  }

  // Typing on behind a claim must not make it grow, or "may help" becomes "may help. It cures." under the same
  // evidence. A letter still extends the word: help, helps.
  function stepOut(editor, event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== "Enter" && (event.key.length !== 1 || /[\p{L}\p{N}\p{M}]/u.test(event.key))) return;
    const selection = editor.getSelection();
    const range = selection && selection.getRanges()[0];
    if (!range || !range.collapsed) return;
    let marker = markerAt(range.startContainer);
    if (!marker) return;
    const end = range.clone();
    end.setEndAt(marker, CKEDITOR.POSITION_BEFORE_END);
    if (end.cloneContents().$.textContent.replace(/\u200b/g, "")) return;
    range.moveToPosition(marker, CKEDITOR.POSITION_AFTER_END);
    range.select();
  }

  CKEDITOR.plugins.add("claim", {
    init(editor) {
      const words = editor.config.claimWords || {};
      // Without this the editor would drop every marker on load as soon as the button is not in the toolbar.
      editor.addFeature({ name: "claim", allowedContent: "mark[!data-claim]", requiredContent: "mark[data-claim]" });
      editor.addCommand("claimMark", { exec: mark, readOnly: 0 });
      editor.addCommand("claimUnmark", {
        exec() {
          const range = editor.getSelection() && editor.getSelection().getRanges()[0];
          const key = range && keyIn(range);
          if (key) editor.fire("claimUnmarkAsked", { key });
        },
      });
      editor.setKeystroke(CKEDITOR.CTRL + CKEDITOR.ALT + 77, "claimMark"); // M
      editor.ui.addButton("ClaimMark", {
        label: words.mark, title: `${words.mark} (${words.keys})`, command: "claimMark", toolbar: "claims,10",
      });
      editor.ui.addButton("ClaimUnmark", { label: words.unmark, command: "claimUnmark", toolbar: "claims,20" });

      editor.on("contentDom", () => {
        editor.document.$.addEventListener("keydown", (event) => stepOut(editor, event), true);
      });
      editor.claims = { unmark: (key) => unmark(editor, key), keyIn };
    },
  });
})();
