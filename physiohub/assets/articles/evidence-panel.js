// The evidence panel beside the editor: a card for every claim of the article, whether a phrase marked in the text or a
// row below, with its sources and how sure they make us. It knows the editor only through its adapter (see
// articles/…/adapter.js for what one offers) and saves nothing by itself: what was touched goes as JSON into one hidden
// field of the form (articles/evidence/panel_state.py), in the same save as the text.
//
// Everything is put on the page as text, never as HTML: titles and quotes come from anywhere.
//
// Here it is begun, and listens to the form and to the editor. What it is made of are the modules in panel/.

import { listenForAdded } from "./panel/adding-by-hand.js";
import { linkTo } from "./panel/adding.js";
import { copyOf } from "./panel/copying.js";
import { Panel } from "./panel/panel.js";
import { PasteNotice } from "./pasting/notice.js";

const root = document.getElementById("evidence-panel");
const panel = new Panel(root, JSON.parse(document.getElementById("evidence-panel-data").textContent));
const { form, field, claims, standing } = panel;

panel.sync();

// --- the form --------------------------------------------------------------------------------------------------------
function collect() {
  panel.editor?.flush();
  panel.write();
}

function later() {
  panel.syncSoon();
  standing.later();
}

const outside = (event) => { if (!root.contains(event.target)) later(); };

form.addEventListener("physiohub:collect", collect);
form.addEventListener("submit", collect);
form.addEventListener("physiohub:restored", () => { // the whole form was filled again from the autosave buffer
  claims.overlay(field.value);
  panel.editor?.fill(form.elements.body.value);
  panel.syncSoon();
});
form.addEventListener("input", outside);
form.addEventListener("change", outside);
document.addEventListener("formset:added", later);
document.addEventListener("formset:removed", later);
// Select2 tells jQuery only.
window.django?.jQuery?.(form).on("change", "select.admin-autocomplete", later);

listenForAdded(panel.addresses.find, (claim, reference) => {
  panel.references.set(reference.uid, reference);
  linkTo(panel, claim, reference);
  panel.open(claim.key, { focus: true });
});

// --- the editor ------------------------------------------------------------------------------------------------------
const { attach } = await import(panel.addresses.adapter);
const editor = panel.editor = await attach(form.elements.body);
let wasDirty = false;

const notice = new PasteNotice(panel);
editor.pasting({
  isKnown: (key) => claims.has(key),
  copy: (key, words) => copyOf(claims, key, words),
  tell: (report) => notice.tell(report),
});
editor.on("change", () => {
  notice.goAfterAnEdit();
  panel.syncSoon();
  // Editors say "change" when they load, too. Asking costs a look through the whole text, so only until it is known.
  wasDirty ||= editor.isDirty();
  if (wasDirty) panel.changed();
});
editor.on("added", (key) => {
  panel.sync();
  panel.open(key, { focus: true });
});
editor.on("open", (key, isTouched) => panel.open(key, { focus: true, isTouched }));
editor.on("unmark", (key) => panel.unmark(key));
editor.on("caret", (key) => {
  const isElsewhere = key && key !== panel.current && !root.contains(document.activeElement);
  if (isElsewhere && claims.get(key)?.isMarked) panel.open(key);
});

panel.sync();
panel.isBegun = true;
standing.now();
root.dataset.ready = "true";
