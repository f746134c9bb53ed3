// Keeps the keyboard's place when htmx replaces what had the focus.

/** Whatever should have the focus in freshly swapped content, if it asks for it. */
function wanted(content) {
  return content.querySelector("[data-focus], .govuk-error-summary, [autofocus]");
}

function focus(element) {
  if (!element.hasAttribute("tabindex") && !element.matches("a[href], button, input, select, textarea, summary")) {
    element.setAttribute("tabindex", "-1");
  }
  element.focus({ preventScroll: false });
}

export function startFocusing() {
  let lost = null;

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    lost = event.detail.target?.contains(active) && active !== document.body
      ? { id: active.id, name: active.getAttribute("name"), value: active.getAttribute("value") }
      : null;
  });

  document.body.addEventListener("htmx:afterSettle", (event) => {
    const content = event.detail.elt;
    if (!(content instanceof Element)) return;
    const asked = wanted(content);
    if (asked && !asked.contains(document.activeElement)) {
      focus(asked);
    } else if (lost && (document.activeElement === document.body || document.activeElement === null)) {
      focus(sameControl(content) ?? content);
    }
    lost = null;
  });

  /** The control that stands where the lost one stood. */
  function sameControl(content) {
    const byId = lost.id ? document.getElementById(lost.id) : null;
    if (byId) return byId;
    if (!lost.name) return null;
    const named = [...content.querySelectorAll(`[name="${CSS.escape(lost.name)}"]`)].filter((one) => one.type !== "hidden");
    return named.find((one) => one.getAttribute("value") === lost.value) ?? named[0] ?? null;
  }
}
