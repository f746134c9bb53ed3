// Words chosen in a paragraph of a draft bring the form for writing about them to that paragraph.
// Without this, every paragraph has a link to a page with the same form.

// The first and last character of what is selected within one paragraph, or nothing.
function chosenWords() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const section = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-section]");
  const paragraph = section(range.startContainer);
  if (!paragraph || paragraph !== section(range.endContainer)) return null;
  const before = range.cloneRange();
  before.selectNodeContents(paragraph);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const quote = words.trim();
  if (!quote) return null;
  // Characters as the server counts them: one for each, also outside the basic plane.
  const start = [...before.toString()].length + [...words.slice(0, words.length - words.trimStart().length)].length;
  return { paragraph, quote, start };
}

export function startAnnotating(announce) {
  const panel = document.querySelector("[data-annotate]");
  if (!panel) return;
  const form = panel.querySelector("form");
  const field = (name) => form.elements.namedItem(name);

  function offer() {
    const chosen = chosenWords();
    if (!chosen || panel.contains(document.activeElement)) return;
    if (field("body").value.trim() && !panel.hidden && form.dataset.about !== chosen.paragraph.dataset.section) return;
    form.dataset.about = chosen.paragraph.dataset.section;
    form.action = panel.dataset.annotate + chosen.paragraph.dataset.section;
    field("quote").value = chosen.quote;
    field("start").value = chosen.start;
    const opened = panel.hidden;
    chosen.paragraph.parentElement.append(panel);
    panel.hidden = false;
    if (opened) announce(panel.querySelector("h2").textContent);
  }

  document.addEventListener("mouseup", () => setTimeout(offer, 0));
  document.addEventListener("touchend", () => setTimeout(offer, 300));
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift") offer();
  });
  // Words typed over by hand are looked for by themselves.
  field("quote").addEventListener("input", () => (field("start").value = ""));
  function close() {
    const paragraph = panel.parentElement;
    panel.hidden = true;
    document.getSelection()?.removeAllRanges();
    paragraph.querySelector("a")?.focus();
  }

  panel.querySelector("[data-annotate-close]").addEventListener("click", close);
  // What was typed stays in the form for when it is opened again.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden && !event.defaultPrevented) close();
  });
}
