/* Of the many fields of a finding, those that its kind has. One that holds something stays in sight, so that nothing is
   saved that nobody sees. Without scripts all are there. */
(() => {
  "use strict";
  const OF_KIND = {
    count: ["happened", "unit", "base", "better", "starting_risks"],
    scale: ["scale_low", "scale_low_words", "scale_high", "scale_high_words", "better", "is_converted", "scale_name",
      "mid", "mid_source"],
    amount: ["unit", "better", "mid", "mid_source"],
    words: ["better"],
  };
  const NUMBERS = ["without_value", "with_value", "difference", "low", "high", "interval_of", "show_interval",
    "is_derived"];
  const MANAGED = [...new Set(Object.values(OF_KIND).flat()), ...NUMBERS];
  const KIND = 'select[name^="finding_rows-"][name$="-kind"]';

  const isEmpty = (field) =>
    field.type === "checkbox" ? !field.checked : ["", "unknown"].includes(field.value.trim());

  const wholeOf = (box) => (box.matches(".fieldBox") ? box.parentElement : box);

  function show(block) {
    const kind = block.querySelector(KIND)?.value;
    if (!kind) return;
    const shown = [...OF_KIND[kind], ...(kind === "words" ? [] : NUMBERS)];
    for (const name of MANAGED) {
      const box = block.querySelector(`.fieldBox.field-${name}, .form-row.field-${name}:not(:has(.fieldBox))`);
      const fields = box ? [...box.querySelectorAll("input:not([type=hidden]), select, textarea")] : [];
      // Its help stands beside the box, in an element of both.
      if (box) wholeOf(box).hidden = !shown.includes(name) && fields.every(isEmpty);
    }
    for (const line of block.querySelectorAll(".form-row:has(.fieldBox)")) {
      line.hidden = [...line.querySelectorAll(".fieldBox")].every((box) => wholeOf(box).hidden);
    }
  }

  const blockOf = (element) => element.closest(".inline-related");
  document.querySelectorAll(KIND).forEach((select) => show(blockOf(select)));
  document.addEventListener("change", (event) => {
    if (event.target.matches(KIND)) show(blockOf(event.target));
  });
  document.addEventListener("formset:added", (event) => {
    if (event.target.querySelector?.(KIND)) show(event.target);
  });
})();
