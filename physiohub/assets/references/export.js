// Says how far a download of the library is: a link alone shows nothing until a large file is written. It reads the
// file as it comes, counts the records in it, and saves it when it is whole. Without this script the link downloads it.

const region = document.querySelector("[data-exporting]");
const status = document.querySelector("[data-export-status]");
const RECORD_ENDS = /^(?:ER {2}-|\})/; // the last line of a record in RIS and in CSL-JSON; no other line begins so
const SHOWN_EVERY = 200; // milliseconds
let isWriting = false;

/** The parts of the stream as they came, for a file; `onRecords(count)` hears of the records in each. */
async function read(stream, onRecords) {
  const parts = [];
  const decoder = new TextDecoder();
  let rest = ""; // a line may come in two parts
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return parts;
    parts.push(value);
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop();
    onRecords(lines.filter((line) => RECORD_ENDS.test(line)).length);
  }
}

function save(parts, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function told(template, values) {
  return template.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

async function write(link) {
  const bar = region.querySelector("progress");
  const figures = region.querySelector("[data-figures]");
  const name = link.href.split("/").pop();
  let count = 0;
  let shown = 0;
  const answer = await fetch(link.href, { credentials: "same-origin" });
  const all = Number(answer.headers.get("X-Records"));
  if (!answer.ok || !answer.headers.has("X-Records")) throw new Error(String(answer.status));
  bar.max = all || 1;
  const parts = await read(answer.body, (more) => {
    count += more;
    if (Date.now() - shown < SHOWN_EVERY) return;
    shown = Date.now();
    bar.value = count;
    figures.textContent = told(region.dataset.soFar, { count: count.toLocaleString(), all: all.toLocaleString() });
  });
  if (count < all) throw new Error("The file is not whole.");
  save(parts, answer.headers.get("Content-Type"), name);
  status.textContent = told(status.dataset.done, { count: count.toLocaleString(), name });
}

async function begin(event) {
  const link = event.target.closest("a[data-export]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (isWriting) return;
  isWriting = true;
  region.hidden = false;
  region.querySelector("progress").removeAttribute("value"); // it moves until the first records come
  region.querySelector("[data-figures]").textContent = "";
  status.textContent = status.dataset.begun;
  try {
    await write(link);
  } catch {
    status.textContent = status.dataset.broken;
  }
  region.hidden = true;
  isWriting = false;
}

if (region) document.addEventListener("click", begin);
