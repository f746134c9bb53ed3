// Finds the maps of a page and gives each its areas, its pins and, where it asks for a place, its marker.
import { createMap } from "./create.js";
import { addAreas, addPins, pinsOfList, pinsOf } from "./layers.js";
import { startDrawing } from "./outline.js";
import { startPicking } from "./picker.js";

export function start(scope) {
  const canvases = [...scope.querySelectorAll("[data-map]")];
  if (scope instanceof Element && scope.matches("[data-map]")) canvases.unshift(scope);
  for (const canvas of canvases) {
    if (canvas.dataset.started === undefined) startOne(canvas);
  }
}

async function startOne(canvas) {
  canvas.dataset.started = "";
  const map = createMap(canvas);
  const picker = canvas.closest("[data-map-picker]");
  const list = canvas.closest("[data-map-twin]")?.querySelector(".map-twin__list");
  const groups = await Promise.all([
    canvas.dataset.areas ? areasOf(canvas.dataset.areas).then((areas) => addAreas(map, areas, { popups: !picker })) : null,
    canvas.dataset.markers
      ? fetchJson(canvas.dataset.markers).then((pins) => addPins(map, pinsOf(pins), canvas.dataset))
      : list && addPins(map, pinsOfList(list), canvas.dataset),
  ].map((work) => Promise.resolve(work).catch(() => null)));
  lookAtAll(map, groups.filter(Boolean), canvas);
  if (picker && canvas.dataset.shapeField) startDrawing(map, canvas, picker);
  else if (picker) startPicking(map, canvas, picker);
}

function lookAtAll(map, groups, canvas) {
  if (canvas.dataset.zoom) return;
  let bounds = null;
  for (const group of groups) {
    const own = group.getBounds();
    if (own.isValid()) bounds = bounds ? bounds.extend(own) : own;
  }
  if (bounds) map.fitBounds(bounds.pad(0.05), { maxZoom: 16, animate: false });
}

/** Areas come in the page itself or from an address. */
async function areasOf(source) {
  return source.startsWith("{") ? JSON.parse(source) : fetchJson(source);
}

async function fetchJson(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}
