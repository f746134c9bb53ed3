// Maps. Asked for by pages with a map only; the list beside a map says all that the map says.
