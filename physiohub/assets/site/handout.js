// Printing is the browser's own; the button only saves a search for it, so without scripts it is not there.
const item = document.querySelector("[data-print]");

item.querySelector("button").addEventListener("click", () => window.print());
item.classList.add("ready");
