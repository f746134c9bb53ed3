// What happens when a request of htmx does not succeed. A refusal that comes as a fragment is put where the answer
// would have gone; one that comes as a whole page is reduced to its sentence, above the content. A lost connection
// says so, and leaves what was typed where it is.

export function startHandlingErrors(announce) {
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400 || xhr.status === 422) {
      clear();
      return;
    }
    const steered = xhr.getResponseHeader("HX-Retarget") || xhr.getResponseHeader("HX-Reswap");
    const isFragment = xhr.status < 500 && xhr.responseText.trim() && !/<html[\s>]/i.test(xhr.responseText);
    if (steered || isFragment) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      return;
    }
    show(sentenceIn(xhr.responseText) || document.body.dataset.failed);
  });
  document.body.addEventListener("htmx:sendError", () => show(document.body.dataset.offline));
  document.body.addEventListener("htmx:timeout", () => show(document.body.dataset.offline));

  /** The title and the reason of an error page. */
  function sentenceIn(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const parts = [...page.querySelectorAll("[data-error-sentence]")].map((one) => one.textContent.trim());
    return parts.filter(Boolean).join(". ").replace(/([.!?])\.\s/g, "$1 ");
  }

  function show(sentence) {
    clear();
    const region = document.getElementById("messages");
    if (!region || !sentence) return;
    const box = document.createElement("p");
    box.className = "notice notice--rose";
    box.dataset.failure = "";
    box.tabIndex = -1;
    box.textContent = sentence;
    region.prepend(box);
    box.focus();
    announce(sentence);
  }

  function clear() {
    document.querySelectorAll("#messages [data-failure]").forEach((one) => one.remove());
  }
}
