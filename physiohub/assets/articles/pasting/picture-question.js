// A pasted or dropped picture, asked what it shows. It goes into the library by the library's own form, with all its
// rules (articles/admin/article/pictures.py), and under its heading as a new row of the article.

import { el } from "../making.js";
import { fill } from "../panel/wording.js";

const GROUP = "articlepicture_rows";

function fileOf({ src, file }) {
  if (file) return file;
  const comma = src.indexOf(","), head = src.slice("data:".length, comma), data = src.slice(comma + 1);
  const [type] = head.split(";");
  const letters = /;base64$/i.test(head) ? atob(data.replace(/\s/g, "")) : decodeURIComponent(data);
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return new File([bytes], `picture.${type.split("/")[1]}`, { type });
}

export class PictureQuestion {
  // `say(sentence)` is for the status line; `done()` is called when it was answered.
  constructor(picture, { words, address, say, done }) {
    Object.assign(this, { picture, words, address, say, done });
    try { this.file = fileOf(picture); } catch { this.file = new File([], "picture"); } // the server refuses it
    this.seen = el("img", { alt: "" });
    const reading = new FileReader(); // the page's policy lets pictures be data, not blobs
    reading.addEventListener("load", () => { this.seen.src = reading.result; });
    reading.readAsDataURL(this.file);
    this.alt = el("textarea", { rows: "2", maxlength: "300" });
    this.alt.value = picture.alt.slice(0, 300);
    this.decorative = el("input", { type: "checkbox" });
    this.told = el("p", { class: "paste-told", role: "alert" });
    const place = picture.heading ? fill(words.under, { heading: picture.heading }) : words.at_top;
    const add = el("button", { type: "button", class: "paste-add" }, words.add_picture);
    const leave = el("button", { type: "button" }, words.leave_out);
    add.addEventListener("click", () => this.#add(add));
    leave.addEventListener("click", () => this.#end(words.picture_left));
    this.root = el(
      "fieldset", { class: "paste-picture" },
      el("legend", {}, place),
      this.seen,
      el("label", {}, el("span", {}, words.alt), this.alt),
      el("label", { class: "paste-check" }, this.decorative, el("span", {}, words.decorative)),
      this.told, el("div", { class: "paste-buttons" }, add, leave),
    );
  }

  // Whether the article's form takes pictures from this person.
  static hasAPlace() {
    return Boolean(document.querySelector(`#${GROUP}-group .add-row a`));
  }

  async #add(button) {
    if (!this.alt.value.trim() && !this.decorative.checked) {
      this.told.textContent = this.words.no_alt;
      this.alt.focus();
      return;
    }
    button.disabled = true;
    this.told.textContent = this.words.adding;
    try {
      const answer = await this.#send();
      if (answer.added) {
        putUnder(this.picture.heading, answer.added);
        const { heading } = this.picture;
        this.#end(heading ? fill(this.words.picture_added, { heading }) : this.words.picture_added_top);
        return;
      }
      this.told.textContent = answer.problem || this.words.not_added;
    } catch {
      this.told.textContent = this.words.not_added;
    }
    button.disabled = false;
  }

  // { added: { value, obj } } or { problem }: what the form for a new picture answers in a window of its own.
  async #send() {
    const sent = new FormData();
    sent.append("csrfmiddlewaretoken", document.querySelector('input[name="csrfmiddlewaretoken"]').value);
    sent.append("_popup", "1");
    sent.append("upload", this.file);
    sent.append("alt", this.alt.value);
    if (this.decorative.checked) sent.append("is_decorative", "on");
    const answer = await fetch(this.address, { method: "POST", body: sent, redirect: "manual" });
    if (!answer.ok) return {};
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.getElementById("django-admin-popup-response-constants");
    if (said) return { added: JSON.parse(said.dataset.popupResponse) };
    return { problem: [...page.querySelectorAll(".errorlist li")].map((line) => line.textContent.trim()).join(" ") };
  }

  #end(sentence) {
    this.root.remove();
    this.say(sentence);
    this.done();
  }
}

// A new row of the article's pictures.
function putUnder(heading, { value, obj }) {
  const place = document.getElementById(`id_${GROUP}-TOTAL_FORMS`).value;
  document.querySelector(`#${GROUP}-group .add-row a`).click();
  const choose = (name, chosen, label) => {
    const field = document.getElementById(`id_${GROUP}-${place}-${name}`);
    if (![...field.options].some((option) => option.value === chosen)) field.append(new Option(label, chosen));
    field.value = chosen;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    window.django?.jQuery?.(field).trigger("change");
  };
  choose("picture", String(value), obj);
  choose("heading", heading, heading);
}
