// The script of every page. Each page works without it; it makes swaps quicker and tells assistive technology.
import htmx from "htmx.org/dist/htmx.esm.js";

import { announce, startAnnouncing } from "./behaviours/announce.js";
import { startAnnotating } from "./behaviours/annotate.js";
import { startConfirming } from "./behaviours/confirm.js";
import { startDeskTime } from "./behaviours/desk_time.js";
import { startEnterNext } from "./behaviours/enter_next.js";
import { startFocusing } from "./behaviours/focus.js";
import { startGuarding } from "./behaviours/guard.js";
import { initialiseGovuk } from "./behaviours/govuk.js";
import { startHandlingErrors } from "./behaviours/errors.js";
import { startModerationKeys } from "./behaviours/moderation_keys.js";
import { showPrinting, startPrinting } from "./behaviours/print.js";
import { startQueues } from "./behaviours/queue.js";
import { startSingleSubmit } from "./behaviours/single_submit.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false, // they would be an inline style; ours are in the stylesheet
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages may hold personal data: nothing of them stays in the browser's storage
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  timeout: 20000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true }, // the form again, with what to change
    { code: "[45]..", swap: false, error: true }, // see behaviours/errors.js
  ],
});

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

initialiseGovuk(document);
startAnnouncing();
startAnnotating(announce);
startConfirming();
startDeskTime(announce);
startEnterNext();
startHandlingErrors(announce);
startFocusing();
startGuarding();
startModerationKeys(announce);
startPrinting();
startQueues();
startSingleSubmit();

htmx.onLoad((content) => {
  initialiseGovuk(content);
  showPrinting(content);
});
