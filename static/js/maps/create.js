// A Leaflet map with words in the page's language and no picture from elsewhere unless the city set a tile server.
import { Control, Map as LeafletMap, TileLayer } from "leaflet/dist/leaflet-src.esm.js";

export function createMap(canvas) {
  const { centre, zoom, tiles, attribution, textZoomIn, textZoomOut } = canvas.dataset;
  const map = new LeafletMap(canvas, {
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false,
    minZoom: 9,
    maxZoom: 18,
    zoomSnap: 0.25,
    fadeAnimation: false,
    zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  new Control.Zoom({ zoomInTitle: textZoomIn, zoomOutTitle: textZoomOut }).addTo(map);
  const [lat, lon] = (centre ?? "45.9,24.97").split(",").map(Number);
  map.setView([lat, lon], Number(zoom ?? 12), { animate: false });
  if (tiles) {
    new TileLayer(tiles, { maxZoom: 19 }).addTo(map);
    new Control.Attribution({ prefix: false }).addAttribution(attribution ?? "").addTo(map);
  }
  // A map may start in a place that is folded away.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(canvas);
  return map;
}
