// Maps. Asked for by pages with a map only; the list beside a map says all that the map says.
import { start } from "./maps/start.js";

start(document);
document.body.addEventListener("htmx:load", (event) => start(event.detail.elt));
