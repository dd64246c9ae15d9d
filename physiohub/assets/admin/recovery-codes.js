"use strict";
/* Copies or prints the recovery codes. Without scripts they are selected and printed as any text. */

const acts = document.getElementById("recovery-acts");
const copy = document.getElementById("copy-codes");
const codes = [...document.querySelectorAll("#recovery-codes code")].map((code) => code.textContent);

acts.hidden = false;
if (navigator.clipboard) {
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    copy.textContent = copy.dataset.done;
  });
} else {
  copy.remove();
}
document.getElementById("print-codes").addEventListener("click", () => window.print());
