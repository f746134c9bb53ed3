// Says aloud what a swap changed. Sources: an element with data-announce in what was swapped in, or the event
// "civic:announce" that a response raises with an HX-Trigger header.

/** Put a sentence into the page's live region; repeated sentences are said again. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region || !text) return;
  region.textContent = "";
  window.setTimeout(() => {
    region.textContent = text;
  }, 100);
}

export function startAnnouncing() {
  document.body.addEventListener("htmx:load", (event) => {
    const source = event.detail.elt;
    if (source === document.body) return;
    const said = source.matches?.("[data-announce]") ? source : source.querySelector?.("[data-announce]");
    if (said) announce(said.dataset.announce);
  });
  document.body.addEventListener("civic:announce", (event) => announce(event.detail.value ?? event.detail.text));
}
