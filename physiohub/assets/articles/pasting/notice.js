// The line above the editor that says what a paste left out, and what to do about it. It stays until the next edit, or
// until it is closed. Pictures that can be taken are asked for their text there.

import { el } from "../making.js";
import { PictureQuestion } from "./picture-question.js";
import { sentencesOf, whyNot } from "./telling.js";

export class PasteNotice {
  #textThen = null; // the words of the text when it was told; null while nothing is

  constructor(panel) {
    const { form, words, addresses } = panel;
    this.panel = panel;
    this.words = words.pasting;
    this.addresses = addresses;
    // It is there before it says anything: screen readers hear what comes into it.
    this.said = el("p", { class: "paste-said", role: "status" });
    this.acts = el("div", { class: "paste-acts" });
    this.close = el("button", { type: "button", hidden: true }, words.close_panel);
    this.close.addEventListener("click", () => {
      this.#forget();
      panel.editor.focus();
    });
    this.pictures = el("div", { class: "paste-pictures" });
    const root = el("div", { class: "paste-notice" }, this.said, this.acts, this.close, this.pictures);
    const field = form.elements.body;
    (field.closest(".form-row") || field.parentElement).prepend(root);
  }

  get #mayAdd() {
    return Boolean(this.addresses.add_picture) && PictureQuestion.hasAPlace();
  }

  // `report` as telling.js says; null where there is nothing to tell.
  tell(report) {
    this.#forget();
    if (!report) return;
    const told = sentencesOf(report, this.words, this.#mayAdd);
    if (told.length) this.#say(told.join(" "));
    if (report.cited && this.addresses.import) this.acts.append(this.#importing(report.html));
    for (const picture of report.pictures.filter((one) => !whyNot(one, this.#mayAdd))) {
      const question = new PictureQuestion(picture, {
        words: this.words, address: this.addresses.add_picture,
        say: (sentence) => this.#say(sentence),
        done: () => this.panel.editor.focus(),
      });
      this.pictures.append(question.root);
    }
    if (!report.html) this.pictures.querySelector("textarea")?.focus();
  }

  goAfterAnEdit() {
    if (this.#textThen !== null && this.panel.editor.words() !== this.#textThen) this.#forget();
  }

  #say(sentence) {
    this.said.textContent = sentence;
    this.close.hidden = false;
    this.#textThen = this.panel.editor.words();
  }

  // Pictures that wait for their text stay.
  #forget() {
    this.said.textContent = "";
    this.acts.replaceChildren();
    this.close.hidden = true;
    this.#textThen = null;
  }

  // The import reads the citations: it gets what was pasted, in a window of its own.
  #importing(html) {
    const button = el("button", { type: "button" }, this.words.import);
    button.addEventListener("click", () => {
      const token = this.panel.form.elements.csrfmiddlewaretoken.value;
      const sent = { csrfmiddlewaretoken: token, text: html, kind: "html" };
      const fields = Object.entries(sent).map(([name, value]) => el("input", { type: "hidden", name, value }));
      const to = { method: "post", action: this.addresses.import, target: "_blank", hidden: true };
      const form = el("form", to, ...fields);
      document.body.append(form);
      form.submit();
      form.remove();
    });
    return button;
  }
}
