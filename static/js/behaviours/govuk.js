// Starts the GOV.UK components we use, in the page and in whatever is swapped into it.
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { FileUpload } from "govuk-frontend/dist/govuk/components/file-upload/file-upload.mjs";
import { PasswordInput } from "govuk-frontend/dist/govuk/components/password-input/password-input.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";

/** ARIA gives radios and checkboxes no expanded state: what they reveal follows them in the page. */
const plainlyRevealing = (Component) =>
  class extends Component {
    syncConditionalRevealWithInputState(input) {
      super.syncConditionalRevealWithInputState(input);
      input.removeAttribute("aria-expanded");
    }
  };

const COMPONENTS = [
  CharacterCount, plainlyRevealing(Checkboxes), ErrorSummary, FileUpload, PasswordInput, plainlyRevealing(Radios),
];

export function initialiseGovuk(scope) {
  for (const Component of COMPONENTS) {
    const name = Component.moduleName;
    const found = [...scope.querySelectorAll(`[data-module="${name}"]`)];
    if (scope instanceof Element && scope.matches(`[data-module="${name}"]`)) found.unshift(scope);
    for (const element of found) {
      if (element.hasAttribute(`data-${name}-init`)) continue;
      new Component(element);
      if (Component === FileUpload) nameFileButton(element);
    }
  }
}

/**
 * The hidden comma between the button's parts makes its name differ from the words one sees and would say to a
 * voice control: a space parts them as well.
 */
function nameFileButton(element) {
  const button = element.querySelector(".govuk-file-upload-button");
  const comma = button?.querySelector("[id$='-comma']");
  if (!comma) return;
  button.setAttribute("aria-labelledby", button.getAttribute("aria-labelledby").replace(` ${comma.id} `, " "));
  comma.replaceWith(" ");
}
