// Asks before what cannot be undone, in the page's own words and language: data-confirm on a button or a form, and
// hx-confirm on what htmx sends. A form with something needed left empty is sent unasked: it comes back with what to write.

/** Show the question; resolves to whether the person agreed. A grave one keeps the colour of its button. */
function ask(question, grave = false) {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const text = document.createElement("p");
  text.id = "confirm-question";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);
  const row = document.createElement("div");
  row.className = "actions";
  const yes = choice(words.confirmYes, `govuk-button${grave ? " govuk-button--warning" : ""}`, "yes");
  const no = choice(words.confirmNo, "govuk-button govuk-button--secondary", "no");
  row.append(yes, no);
  dialog.append(text, row);
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close("no"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    no.focus();
  });
}

function choice(label, classes, value) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: classes, value, textContent: label });
  return button;
}

/** Whether the form lacks something it needs. A button with a name of its own may do another thing, without it. */
function isUnfinished(form, submitter) {
  const fields = submitter?.name ? [] : [...form.querySelectorAll("[data-needed]")];
  return fields.some((one) => {
    if (one.type !== "radio" && one.type !== "checkbox") return !one.value.trim();
    return ![...form.querySelectorAll(`[name="${CSS.escape(one.name)}"]`)].some((other) => other.checked);
  });
}

export function startConfirming() {
  if (!("showModal" in HTMLDialogElement.prototype)) return;
  const agreed = new WeakSet();

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || agreed.has(form) || isUnfinished(form, submitter)) {
      agreed.delete(form);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, submitter?.classList.contains("govuk-button--warning")).then((yes) => {
      if (!yes) return;
      agreed.add(form);
      form.requestSubmit(submitter ?? undefined);
    });
  }, true);

  document.body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question).then((yes) => {
      if (yes) event.detail.issueRequest(true);
    });
  });
}
