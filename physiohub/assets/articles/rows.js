/* The order of an article's rows by buttons, instead of numbers typed by hand. The numbers are still what is saved, and
   all there is without scripts. A new row gets the last place once something is written in it. */
(() => {
  "use strict";
  const form = document.getElementById("article_form");
  const words = document.getElementById("row-words");
  if (!form || !words) return;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  form.append(said);

  const ROW = "tr.form-row, [data-inline-type=stacked] .inline-related"; // a line of a table, or a block
  const place = (row) => row.querySelector('.field-position input[name$="-position"]');
  const rowsOf = (group) => [...group.querySelectorAll(ROW)].filter((row) => !row.matches(".empty-form") && place(row));
  const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  // What a row says, for a button's name: what was chosen for it from the shared words, else its first words.
  function saying(row) {
    const chosen = row.querySelectorAll("select.admin-autocomplete");
    const typed = row.querySelectorAll("input[type=text], textarea");
    for (const field of [...chosen, ...typed]) {
      const text = field.selectedOptions ? (field.selectedOptions[0] || {}).text || "" : field.value;
      if (text.trim()) return text.trim().slice(0, 60);
    }
    return words.dataset.empty;
  }

  function move(row, by, button) {
    const group = row.closest(".inline-group");
    const rows = rowsOf(group);
    const other = rows[rows.indexOf(row) + by];
    if (!other) {
      said.textContent = by < 0 ? words.dataset.first : words.dataset.last;
      return;
    }
    other[by < 0 ? "before" : "after"](row);
    // All get their numbers now, new ones with words in them too.
    rowsOf(group).forEach((each) => { if (saying(each) !== words.dataset.empty) each.classList.add("is-written"); });
    rowsOf(group).forEach((each, index) => {
      if (!each.classList.contains("is-written")) return;
      place(each).value = index;
    });
    changed(place(row));
    button.focus();
    said.textContent = words.dataset.now.replace("%s", rowsOf(group).indexOf(row) + 1);
  }

  function dress(row) {
    const field = place(row);
    if (!field || row.querySelector(".row-moves") || row.classList.contains("empty-form")) return;
    const moves = document.createElement("span");
    moves.className = "row-moves";
    for (const [by, sign, label] of [[-1, "↑", words.dataset.up], [1, "↓", words.dataset.down]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.title = label;
      const name = () => button.setAttribute("aria-label", `${label}: ${saying(row)}`);
      name();
      button.addEventListener("focus", name);
      button.addEventListener("click", () => move(row, by, button));
      moves.append(button);
    }
    field.before(moves);
    field.hidden = true;
  }

  form.querySelectorAll(ROW).forEach(dress);
  form.classList.add("has-row-moves");
  document.addEventListener("formset:added", (event) => {
    const row = event.target;
    if (row.matches && row.matches(ROW)) dress(row);
  });
  // A row that is written in for the first time goes to the end.
  form.addEventListener("input", (event) => {
    const row = event.target.closest(ROW);
    if (!row || row.matches(".has_original, .is-written") || !place(row)) return;
    row.classList.add("is-written");
    if (place(row).value !== "0") return;
    const counts = (other) => other !== row && other.matches(".has_original, .is-written");
    const others = rowsOf(row.closest(".inline-group")).filter(counts);
    place(row).value = Math.max(-1, ...others.map((each) => Number(place(each).value))) + 1;
  });
})();
