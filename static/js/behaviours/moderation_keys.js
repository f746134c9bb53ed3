// The moderators' desk by keyboard. The legend of a page ([data-keys-legend]) says which keys choose a decision or a
// reason; links, buttons and fields carry their own (data-key). One button turns all of them off, and the browser
// remembers it, because single keys are in the way of those who speak to their computer.

const STORED = "civic-moderation-keys";
const CHOSEN = new Set(["radio", "checkbox", "button", "submit"]);

function isOff() {
  try {
    return window.localStorage.getItem(STORED) === "off";
  } catch {
    return false;
  }
}

function remember(off) {
  try {
    window.localStorage.setItem(STORED, off ? "off" : "on");
  } catch {
    // Without storage it holds for this page.
  }
}

function writes(target) {
  if (target.closest?.("textarea, select, [contenteditable]")) return true;
  return target.tagName === "INPUT" && !CHOSEN.has(target.type);
}

function choose(entry, announce) {
  const { field, value } = entry.dataset;
  const radio = document.querySelector(`input[type="radio"][name="${field}"][value="${value}"]`);
  if (radio) {
    radio.checked = true;
    radio.focus({ preventScroll: true });
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    const select = document.querySelector(`select[name="${field}"]`);
    if (!select) return;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  announce(entry.querySelector("dd").textContent);
}

function startLegend(legend, announce) {
  let off = isOff();
  const toggle = legend.querySelector("[data-keys-toggle]");
  const say = () => { toggle.textContent = off ? toggle.dataset.on : toggle.dataset.off; };
  say();
  legend.hidden = false;
  toggle.addEventListener("click", () => {
    off = !off;
    remember(off);
    say();
  });

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (writes(target)) {
      if (key === "Escape") target.blur();
      return;
    }
    if (off) return;
    if (key === "Enter") {
      const send = document.querySelector("[data-key-send]");
      if (!send || target.closest("a, button, summary")) return;
      event.preventDefault();
      send.form.requestSubmit(send);
      return;
    }
    const pressed = CSS.escape(key.toLowerCase());
    const entry = legend.querySelector(`[data-key-chooses="${pressed}"]`);
    const control = document.querySelector(`[data-key="${pressed}"]`);
    if (!entry && !control) return;
    event.preventDefault();
    if (entry) choose(entry, announce);
    else if (control.tagName === "TEXTAREA") control.focus();
    else control.click();
  });
}

// Taking personal data out: what is selected in a text gives way to the mark.
function startRedacting(form, announce) {
  const button = form.querySelector("[data-redact-selected]");
  let last = null;
  const takeOut = () => {
    if (!last || last.selectionStart === last.selectionEnd) return;
    last.setRangeText(form.dataset.redact, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
    announce(form.dataset.redact);
  };
  button.hidden = false;
  button.addEventListener("click", takeOut);
  form.addEventListener("focusin", (event) => {
    if (event.target.name?.startsWith("part_")) last = event.target;
  });
  form.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.key !== "Delete" || event.target !== last) return;
    event.preventDefault();
    takeOut();
  });
}

export function startModerationKeys(announce) {
  const legend = document.querySelector("[data-keys-legend]");
  if (legend) startLegend(legend, announce);
  const form = document.querySelector("form[data-redact]");
  if (form) startRedacting(form, announce);
}
