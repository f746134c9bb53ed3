// Keying by the keyboard alone: Enter in a field with data-enter-next leads to the field of that name instead of sending
// the form. A scanner of QR codes ends with Enter too.

export function startEnterNext() {
  document.addEventListener("keydown", (event) => {
    const name = event.target.dataset?.enterNext;
    if (!name || event.key !== "Enter" || event.isComposing) return;
    const field = event.target.form?.elements.namedItem(name);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
