// Choosing a place: by pressing on the map, by marking its centre, by one's own position, or by typing coordinates.
import { Marker } from "leaflet/dist/leaflet-src.esm.js";

import { pinIcon } from "./layers.js";

const DIGITS = 6; // about ten centimetres

export function startPicking(map, canvas, picker) {
  const lat = document.getElementById(canvas.dataset.latField);
  const lon = document.getElementById(canvas.dataset.lonField);
  const said = picker.querySelector("[data-map-said]");
  let marker = null;

  function put(place) {
    if (marker) marker.setLatLng(place);
    else {
      marker = new Marker(place, { icon: pinIcon("", true), draggable: true, keyboard: false, autoPan: true }).addTo(map);
      marker.on("dragend", () => choose(marker.getLatLng()));
    }
  }

  function choose(place) {
    put(place);
    lat.value = place.lat.toFixed(DIGITS);
    lon.value = place.lng.toFixed(DIGITS);
    lat.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = canvas.dataset.textPicked;
  }

  function typed() {
    const place = { lat: Number(lat.value.replace(",", ".")), lng: Number(lon.value.replace(",", ".")) };
    if (!lat.value || !lon.value || !Number.isFinite(place.lat) || !Number.isFinite(place.lng)) return;
    put(place);
    map.setView(place, Math.max(map.getZoom(), 15), { animate: false });
  }

  map.on("click", (event) => choose(event.latlng));
  picker.querySelector("[data-map-mark]").addEventListener("click", () => choose(map.getCenter()));
  const locate = picker.querySelector("[data-map-locate]");
  locate.hidden = !("geolocation" in navigator);
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const place = { lat: coords.latitude, lng: coords.longitude };
        choose(place);
        map.setView(place, 17);
      },
      () => {
        said.textContent = locate.dataset.textFailed;
      },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
  lat.addEventListener("change", typed);
  lon.addEventListener("change", typed);
  typed();
}
