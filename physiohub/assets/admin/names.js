// The stock admin's searchable selects carry no name for screen readers where nothing is chosen. Gives each the name of
// its field, followed by what is chosen.
function name(select) {
  const shown = select.parentElement.querySelector(".select2-selection");
  const value = shown?.querySelector(".select2-selection__rendered");
  if (!value || shown.dataset.named) return;
  let label = select.labels?.[0];
  if (!label) {
    label = document.createElement("span");
    label.hidden = true; // names may come from hidden elements
    label.textContent = select.getAttribute("aria-label") || "";
    select.after(label);
  }
  label.id ||= `name-of-${select.id}`;
  value.removeAttribute("role");
  value.removeAttribute("aria-readonly");
  shown.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
  shown.dataset.named = "true";
}

// They are made some time after the page is there, and again for every new row: whenever one appears.
const all = () => document.querySelectorAll("select.select2-hidden-accessible").forEach(name);
let isDue = false;
new MutationObserver(() => {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; all(); });
}).observe(document.getElementById("content"), { childList: true, subtree: true });
all();
