// Staff queues: choose all rows at once, and say how many are chosen.

export function startQueues() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-queue]");
    if (!form) return;
    const rows = [...form.querySelectorAll("[data-queue-row]")];
    const all = form.querySelector("[data-queue-all]");
    if (event.target === all) rows.forEach((row) => { row.checked = all.checked; });
    const chosen = rows.filter((row) => row.checked).length;
    if (all) {
      all.checked = chosen === rows.length && chosen > 0;
      all.indeterminate = chosen > 0 && chosen < rows.length;
    }
    const said = form.querySelector("[data-queue-count]");
    if (said) said.textContent = said.dataset.queueCount.replace("%{count}", chosen);
  });
}
