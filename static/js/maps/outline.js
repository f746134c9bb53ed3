// Drawing an area: a corner at each press or at the map's centre, the last one taken back, or GeoJSON typed in the box.
import { Polygon, Polyline } from "leaflet/dist/leaflet-src.esm.js";

const DIGITS = 5; // about a metre
const MOST = 100;

export function startDrawing(map, canvas, picker) {
  const box = document.getElementById(canvas.dataset.shapeField);
  const said = picker.querySelector("[data-map-said]");
  const line = new Polyline([], { className: "outline", interactive: false }).addTo(map);
  const shape = new Polygon([], { className: "outline outline--closed", interactive: false }).addTo(map);
  let corners = [];

  function draw() {
    line.setLatLngs(corners);
    shape.setLatLngs(corners.length > 2 ? corners : []);
    said.textContent = corners.length ? canvas.dataset.textCorner.replace("%{count}", corners.length) : "";
  }

  function write() {
    const ring = corners.map(({ lat, lng }) => [Number(lng.toFixed(DIGITS)), Number(lat.toFixed(DIGITS))]);
    box.value = ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }) : "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  }

  function add(place) {
    if (corners.length < MOST) corners.push(place);
    write();
  }

  function typed() {
    corners = cornersOf(box.value);
    draw();
    if (corners.length > 2) map.fitBounds(shape.getBounds().pad(0.2), { animate: false });
  }

  map.on("click", (event) => add(event.latlng));
  picker.querySelector("[data-map-mark]").addEventListener("click", () => add(map.getCenter()));
  picker.querySelector("[data-map-back]").addEventListener("click", () => {
    corners.pop();
    write();
  });
  picker.querySelector("[data-map-clear]").addEventListener("click", () => {
    corners = [];
    write();
  });
  box.addEventListener("change", typed);
  typed();
}

/** What the box holds, if it can be drawn; the server says what is wrong with the rest. */
function cornersOf(text) {
  try {
    const value = JSON.parse(text);
    const ring = (value.type === "Feature" ? value.geometry : value).coordinates[0];
    const found = ring.map(([lng, lat]) => ({ lat: Number(lat), lng: Number(lng) }));
    if (!found.every(({ lat, lng }) => Number.isFinite(lat) && Number.isFinite(lng))) return [];
    const [first, last] = [found[0], found.at(-1)];
    if (found.length > 1 && first.lat === last.lat && first.lng === last.lng) found.pop();
    return found.slice(0, MOST);
  } catch {
    return [];
  }
}
