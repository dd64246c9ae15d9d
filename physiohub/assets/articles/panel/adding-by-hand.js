// A source that has to be typed in: the stock admin's pop-up. On return it adds the new option to the select named like
// the link that opened it, and tells jQuery alone.

let addingFor = null; // the claim it is for

export function addByHand(claim, address) {
  addingFor = claim;
  const opener = document.getElementById("add_ph_newref");
  opener.href = address;
  opener.click();
}

// `take(claim, reference)` is called with what was added. `find`: where the library is asked.
export function listenForAdded(find, take) {
  window.django?.jQuery?.(document.getElementById("ph_newref")).on("change", async function came() {
    if (!this.value || !addingFor) return;
    const address = `${find}?pk=${encodeURIComponent(this.value)}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const [reference] = (await answer.json()).references;
    this.replaceChildren();
    if (reference) take(addingFor, reference);
  });
}
