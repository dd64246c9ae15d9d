// What the evidence panel can ask any editor to do. This adapter does it with CKEditor 4.
//
//   attach(textarea) -> a promise of:
//     on(name, act)    "change" (), "added" (key), "open" (key, whether a selection only touches it),
//                      "unmark" (key: asked for by button), "caret" (key or null)
//     list()           [{ key, text }] in the order of the text; the words as articles/richtext/markers.py reads them
//     mark()           mark the selection, or the sentence at the caret
//     unmark(key)      take the markers off; the words stay; can be undone
//     reveal(key)      scroll to the claim and put the caret at its end, so that one can write on
//     decorate(rules)  [{ key, look }], look is one of "linked", "bare", "attention", "current"
//     pasting(how)     { isKnown(key): is it a claim of this article; copy(key, words): the key of a new claim like it,
//                      or null; tell(report): what came of a paste, as pasting.js says; null: nothing is to be told }
//     words()          the words of the text, to see whether they changed
//     isDirty()        whether the text is another than the one the form was opened with
//     focus()          back into the text
//     flush()          write the text into the textarea, as a save would
//     fill(html)       replace the text; can be undone
/* global CKEDITOR */

import { listen } from "./pasting.js";

const INLINE = new Set(["STRONG", "EM", "SUB", "SUP", "A", "MARK", "B", "I", "SPAN"]);
const LOOKS = {
  linked: "background:#e9f2c8;border-bottom:2px solid #4b6b12;color:#1c2326",
  bare: "background:#fbdcd8;border-bottom:2px dashed #b3261e;color:#1c2326",
  attention: "background:#ffe9b0;border-bottom:2px double #8a5a00;color:#1c2326",
  current: "outline:2px solid #1a5fb4;outline-offset:2px",
};

export function attach(textarea) {
  return new Promise((resolve) => {
    const ready = (editor) => {
      if (editor.status === "ready") resolve(adapter(editor));
      else editor.once("instanceReady", () => resolve(adapter(editor)));
    };
    const find = () => {
      const editor = window.CKEDITOR && CKEDITOR.instances[textarea.id];
      if (editor) ready(editor);
      else setTimeout(find, 50);
    };
    find();
  });
}

function adapter(editor) {
  const acts = { change: [], added: [], open: [], unmark: [], caret: [] };
  const tell = (name, ...values) => acts[name].forEach((act) => act(...values));
  let rules = "";

  editor.on("change", () => tell("change"));
  editor.on("claimAdded", (event) => tell("added", event.data.key));
  editor.on("claimOpened", (event) => tell("open", event.data.key, event.data.isTouched));
  editor.on("claimUnmarkAsked", (event) => tell("unmark", event.data.key));
  editor.on("selectionChange", () => tell("caret", keyAtCaret(editor)));
  editor.on("contentDom", () => { paint(editor, rules); dress(editor); }); // the document of the frame is new
  dress(editor);
  new MutationObserver(() => dress(editor)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  // Saving by the keyboard works in the sheet as beside it.
  editor.addCommand("askForSave", {
    modes: { wysiwyg: 1 },
    exec: () => editor.element.$.form.dispatchEvent(new CustomEvent("physiohub:save")),
  });
  editor.setKeystroke(CKEDITOR.CTRL + 83, "askForSave"); // Ctrl+S, and Cmd+S on a Mac

  return {
    on: (name, act) => acts[name].push(act),
    list: () => list(editor.editable().$),
    mark: () => editor.execCommand("claimMark"),
    unmark: (key) => editor.claims.unmark(key),
    reveal(key) {
      const marker = editor.editable().findOne(`mark[data-claim="${key}"]`);
      if (!marker) return;
      editor.focus();
      const range = editor.createRange();
      // What is typed there steps out by itself, unless it is a letter.
      range.moveToPosition(marker, CKEDITOR.POSITION_BEFORE_END);
      range.select();
      marker.$.scrollIntoView({ block: "center" });
    },
    decorate(looks) {
      rules = looks.map(({ key, look }) => `mark[data-claim="${key}"]{${LOOKS[look]}}`).join("\n");
      paint(editor, rules);
    },
    pasting: (how) => listen(editor, how),
    words: () => editor.editable().$.textContent.replace(/\u200b/g, ""),
    isDirty: () => editor.checkDirty(),
    focus: () => editor.focus(),
    flush: () => editor.updateElement(),
    fill: (html) => editor.setData(html),
  };
}

function keyAtCaret(editor) {
  const selection = editor.getSelection();
  const range = selection && selection.getRanges()[0];
  return range ? editor.claims.keyIn(range) : null;
}

// The sheet is light or dark as the form around it.
function dress(editor) {
  const page = editor.document && editor.document.$;
  if (page) page.documentElement.dataset.theme = document.documentElement.dataset.theme || "auto";
}

// Rules keyed by attribute in one style element: a class on a marker would leak into the text and into undo.
function paint(editor, rules) {
  const page = editor.document && editor.document.$;
  if (!page) return;
  let style = page.getElementById("claim-looks");
  if (!style) {
    style = page.createElement("style");
    style.id = "claim-looks";
    page.head.append(style);
  }
  if (style.textContent !== rules) style.textContent = rules;
}

// The same reading as articles/richtext/markers.py: change both.
function list(root) {
  const texts = new Map();
  let open = null, goesOn = false;
  const breakUp = () => { goesOn = false; if (open) open.push(" "); };
  (function read(node) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const text = child.data.replace(/\u200b/g, "");
        if (open) open.push(text);
        else if (text) goesOn = false;
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const key = child.tagName === "MARK" ? child.dataset.claim : null;
        const before = open;
        if (key) {
          if (!texts.has(key)) texts.set(key, []);
          open = texts.get(key);
          if (!goesOn) open.push(" ");
        } else if (!INLINE.has(child.tagName)) breakUp();
        read(child);
        if (key) { open = before; goesOn = true; }
        else if (!INLINE.has(child.tagName)) breakUp();
      }
    }
  })(root);
  return [...texts]
    .map(([key, parts]) => ({ key, text: parts.join("").replace(/[\s\u00a0]+/g, " ").trim() }))
    .filter((claim) => claim.text);
}
