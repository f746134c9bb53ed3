// Buttons that print the page. Without this script there is none: the browser's own menu prints.

/** Show those of a part of the page. */
export function showPrinting(part) {
  part.querySelectorAll("[data-print][hidden]").forEach((one) => { one.hidden = false; });
}

export function startPrinting() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
}
