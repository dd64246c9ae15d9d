// The preflight of the form as it is now, in the sentences of publishing itself. A moment after the last key press, the
// server saves the form, runs the preflight and undoes the save (articles/admin/article/preflight_json.py).
import { el } from "./making.js";
import { fill } from "./panel/wording.js";

const PAUSE = 1500; // ms after the last change

export class Standing {
  constructor({ form, words, root, address, collect, go, arrived }) {
    Object.assign(this, { form, words, root, address, collect, go, arrived });
    this.answer = null;
    this.byClaim = new Map();
    this.timer = null;
    this.isAsking = this.isStale = false;
    this.summary = el("summary", {}, words.checking);
    this.list = el("div");
    this.details = el("details", {}, this.summary, this.list);
    root.append(this.details);
  }

  of(key) { return this.byClaim.get(key) || []; }
  ceiling(key) { return this.answer?.ceilings?.[key] || ""; }

  // What was said of a claim that is being mended no longer holds; the next answer says what does.
  forget(key) { this.byClaim.delete(key); }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    if (this.isAsking) { this.isWanted = true; return; }
    this.isAsking = true;
    try {
      this.collect();
      const data = new FormData(this.form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      const answer = await fetch(this.address, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      this.show(await answer.json());
    } catch {
      this.summary.textContent = this.words.not_checked;
    }
    this.isAsking = false;
    if (this.isWanted) { this.isWanted = false; this.later(); }
  }

  show(answer) {
    const { words } = this;
    if (answer.cannot_save) {
      this.root.className = "ep-standing is-blocked";
      this.summary.textContent = answer.is_stale ? words.stale : `${words.cannot_save}: ${answer.cannot_save.length}`;
      this.list.replaceChildren(el("ul", {}, ...answer.cannot_save.map((sentence) => el("li", {}, sentence))));
      return;
    }
    this.answer = answer;
    this.byClaim = new Map();
    const findings = answer.lines.flatMap((line) => line.findings);
    for (const finding of findings) {
      if (!finding.claim) continue;
      this.byClaim.set(finding.claim, [...this.of(finding.claim), finding]);
    }
    const isBlocked = (line) => line.findings[0].is_blocker;
    const [blockers, hints] = [answer.lines.filter(isBlocked), answer.lines.filter((line) => !isBlocked(line))];
    const count = (lines) => lines.reduce((sum, line) => sum + line.findings.length, 0);
    this.root.className = `ep-standing ${blockers.length ? "is-blocked" : "is-ready"}`;
    const said = [`${words.standing}: ${count(blockers) || words.ready}`];
    if (hints.length) said.push(`${words.hints}: ${count(hints)}`);
    this.summary.textContent = said.join(" · ");
    this.list.replaceChildren(
      ...answer.removed.map((sentence) => el("p", { class: "ep-finding" }, sentence)),
      ...(blockers.length ? [this.lines(blockers)] : []),
      ...(hints.length ? [el("h3", {}, words.hints), this.lines(hints)] : []),
      ...this.reading(answer.reading),
    );
    this.arrived();
  }

  // A line about many things leads to the first of them and holds the others.
  lines(lines) {
    return el("ul", {}, ...lines.map(({ message, findings }) => {
      const first = this.button(message, findings[0].claim);
      if (findings.length === 1) return el("li", {}, first);
      const all = findings.map((finding) => el("li", {}, this.button(finding.message, finding.claim)));
      const summary = el("summary", {}, this.words.show_repeated);
      return el("li", {}, first, el("details", {}, summary, el("ul", {}, ...all)));
    }));
  }

  button(message, claim) {
    if (!claim) return message;
    const go = el("button", { type: "button", class: "ep-go" }, message);
    go.addEventListener("click", () => this.go(claim));
    return go;
  }

  reading(reading) {
    if (!reading) return [];
    const { words } = this;
    const parts = [el("p", {}, reading.figure)];
    const help = (sentence, values) => el("p", { class: "ep-help" }, fill(sentence, values));
    if (reading.hard_words.length) parts.push(help(words.hard_words, { words: reading.hard_words.join(", ") }));
    return parts;
  }
}
