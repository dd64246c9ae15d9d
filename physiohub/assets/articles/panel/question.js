// One question at a time to the library. A new question ends the one before it.

const PATIENCE = 4000; // ms, after which it is said that an answer is still awaited

export class Question {
  #waiting = null;
  #asked = 0;

  // `tell(text)` says what goes wrong.
  constructor(words, tell) {
    Object.assign(this, { words, tell });
  }

  // What the server answers, or null: then it was said why, or another question came.
  async ask(address, how = {}) {
    const { words } = this;
    this.stop();
    const mine = ++this.#asked;
    this.#waiting = new AbortController();
    const patience = setTimeout(() => this.tell(words.still_looking), PATIENCE);
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(address, { signal: this.#waiting.signal, headers, ...how });
      if (mine !== this.#asked) return null;
      if (answer.redirected || answer.status === 403) return this.#say(words.logged_out);
      if (!answer.ok) return this.#say(words.unreachable);
      return await answer.json();
    } catch (problem) {
      if (mine !== this.#asked) return null;
      return this.#say(problem.name === "AbortError" ? words.stopped : words.unreachable);
    } finally {
      clearTimeout(patience);
    }
  }

  stop() { this.#waiting?.abort(); }

  #say(text) {
    this.tell(text);
    return null;
  }
}
