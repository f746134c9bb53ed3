// A second press on a button whose form is on its way does nothing. The server is what makes a repeated request
// harmless; this only spares the person a confusing answer.

const PATIENCE = 5000;

export function startSingleSubmit() {
  const sent = new WeakMap();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const now = Date.now();
    if (now - (sent.get(form) ?? 0) < PATIENCE) {
      event.preventDefault();
      return;
    }
    sent.set(form, now);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.('[aria-disabled="true"]')) event.preventDefault();
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => sent.delete(form)));
}
