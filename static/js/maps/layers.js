// Neighbourhoods and pins.
import { DivIcon, FeatureGroup, GeoJSON, Marker } from "leaflet/dist/leaflet-src.esm.js";

const TONES = new Set(["green", "rose", "sand", "blue"]);

/** Neighbourhoods from GeoJSON, each with its name; those marked hot stand out. A map for choosing a place has no pop-ups. */
export function addAreas(map, collection, { popups }) {
  const layer = new GeoJSON(collection, {
    style: (feature) => ({ className: `area${feature.properties.hot ? " area--hot" : ""}`, fill: true, stroke: true }),
    onEachFeature: (feature, area) => {
      const { name, url, text } = feature.properties;
      if (name) area.bindTooltip(name, { permanent: true, direction: "center", className: "area-name", interactive: false });
      if (popups && (url || text)) area.bindPopup(popup({ title: name, url, text }));
    },
  });
  // The stylesheet paints; Leaflet's own attributes would win over it otherwise.
  layer.on("add", () => layer.eachLayer((area) => strip(area.getElement())));
  layer.addTo(map);
  layer.eachLayer((area) => strip(area.getElement?.()));
  showNamesWhenThereIsRoom(map, layer);
  return layer;
}

function strip(element) {
  if (!element) return;
  for (const name of ["stroke", "stroke-opacity", "stroke-width", "fill", "fill-opacity"]) element.removeAttribute(name);
}

/** Names would cover one another on a small map: they show when the areas are wide enough on the screen. */
function showNamesWhenThereIsRoom(map, layer) {
  const update = () => {
    layer.eachLayer((area) => {
      const tooltip = area.getTooltip?.();
      if (!tooltip) return;
      const bounds = area.getBounds();
      const width = map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
      const needed = (area.feature.properties.name ?? "").length * 7;
      if (width >= needed) area.openTooltip();
      else area.closeTooltip();
    });
  };
  map.on("zoomend", update);
  map.whenReady(() => window.setTimeout(update));
}

/** Pins from the list beside the map: what is swapped there is what is pinned here. */
export function pinsOfList(list) {
  return [...list.querySelectorAll("[data-lat][data-lon]")].map((item) => {
    const link = item.querySelector("a");
    return {
      lat: Number(item.dataset.lat),
      lon: Number(item.dataset.lon),
      tone: item.dataset.tone,
      title: link?.textContent.trim() ?? "",
      url: link?.getAttribute("href"),
      text: item.querySelector(".map-twin__meta")?.textContent.trim(),
      item,
    };
  });
}

/** Pins from an address; ones without a place are left out. */
export function pinsOf(entries) {
  return entries.filter((entry) => Number.isFinite(entry.lat) && Number.isFinite(entry.lon));
}

export function pinIcon(tone, chosen = false) {
  const colour = TONES.has(tone) ? ` pin--${tone}` : "";
  return new DivIcon({
    className: "",
    html: `<span class="pin${colour}${chosen ? " pin--chosen" : ""}"></span>`,
    iconSize: [26, 26],
    iconAnchor: [13, 31],
    popupAnchor: [0, -28],
  });
}

export function addPins(map, pins, words) {
  const group = new FeatureGroup();
  for (const pin of pins) {
    // By keyboard one goes through the list, which is shorter to walk and says more.
    const marker = new Marker([pin.lat, pin.lon], { icon: pinIcon(pin.tone), keyboard: false, title: pin.title });
    marker.bindPopup(popup(pin), { maxWidth: 280 });
    marker.on("popupopen", (event) => translateClose(event.popup, words.textClose));
    if (pin.item) follow(pin, marker);
    group.addLayer(marker);
  }
  return group.addTo(map);
}

/** The list's item and its pin point at each other. */
function follow(pin, marker) {
  const show = (shown) => {
    pin.item.classList.toggle("is-shown", shown);
    marker.setIcon(pinIcon(pin.tone, shown));
  };
  for (const name of ["mouseenter", "focusin"]) pin.item.addEventListener(name, () => show(true));
  for (const name of ["mouseleave", "focusout"]) pin.item.addEventListener(name, () => show(false));
  marker.on("popupopen", () => pin.item.classList.add("is-shown"));
  marker.on("popupclose", () => pin.item.classList.remove("is-shown"));
}

function translateClose(popupShown, word) {
  popupShown.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", word);
}

/** Built from text, never from markup: titles are written by residents. */
function popup({ title, url, text }) {
  const box = document.createElement("div");
  const head = document.createElement("p");
  const name = document.createElement(url ? "a" : "b");
  name.textContent = title;
  if (url && new URL(url, location.href).origin === location.origin) name.href = url;
  head.append(name);
  box.append(head);
  if (text) {
    const line = document.createElement("p");
    line.textContent = text;
    box.append(line);
  }
  return box;
}
