// A vote at the desk ends by the server's clock. Says aloud when two minutes are left; the page's header locks the
// screen at the end, without this script too.
export function startDeskTime(announce) {
  const bar = document.querySelector("[data-desk-left]");
  const warning = bar?.querySelector("[data-desk-words]");
  if (!warning?.hidden) return;
  window.setTimeout(() => {
    warning.hidden = false;
    announce(warning.dataset.deskWords);
  }, (Number(bar.dataset.deskLeft) - Number(bar.dataset.deskWarning)) * 1000);
}
