"use strict";
// The map: our own outlines, and what the database says lies in view. Words and addresses come from #map-config.
(() => {
  // Going back loads the page anew: a copy that htmx keeps would hold a map without its script.
  if (window.htmx) Object.assign(window.htmx.config, { historyCacheSize: 0, refreshOnHistoryMiss: true });
  const box = document.querySelector("[data-map]");
  const data = document.getElementById("map-config");
  if (!box || !data || !window.L || !box.offsetParent) return;
  const config = JSON.parse(data.textContent);
  const words = config.words;
  const status = document.querySelector("[data-map-status]");
  const number = new Intl.NumberFormat(config.language === "nl" ? "nl-NL" : "en-GB");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const howMany = (count) => (count === 1 ? words.one : fill(words.several, { n: number.format(count) }));
  const width = (count) => (count === 1 ? 28 : Math.min(30 + 7 * Math.log10(count), 56) | 0); // of a marker, in pixels

  box.replaceChildren();
  const map = L.map(box, {
    zoomControl: false, scrollWheelZoom: false, minZoom: 5, maxZoom: 17, zoomSnap: 0.25,
    fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false, inertia: false,
    maxBounds: [[46, -4], [57, 14]], closePopupOnClick: true,
  });
  map.attributionControl.setPrefix(false).addAttribution(words.sources);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  box.setAttribute("aria-label", words.map);
  box.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  map.on("mousedown", () => map.scrollWheelZoom.enable());
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) map.scrollWheelZoom.disable(); });
  map.fitBounds(config.bounds);

  const say = (text) => { status.textContent = text; };
  const filters = () => {
    const query = new URLSearchParams(location.search);
    for (const name of ["sort", "pagina", "bbox", "zoom"]) query.delete(name);
    return query;
  };

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // ---- the land
  fetch(config.regions).then((answer) => answer.json()).then((regions) => {
    L.geoJSON(regions, { interactive: false, className: "map__land" }).addTo(map).bringToBack();
  }).catch(() => say(words.failed));

  // ---- names of large towns, to find one's way
  const towns = map.createPane("towns");
  towns.style.zIndex = 450;
  towns.style.pointerEvents = "none";
  towns.setAttribute("aria-hidden", "true");
  const names = L.layerGroup().addTo(map);
  const drawTowns = () => {
    names.clearLayers();
    if (map.getZoom() < 8.5) return; // the clusters of the whole country leave no room
    for (const [name, lat, lng] of config.landmarks) {
      L.tooltip({ permanent: true, direction: "center", pane: "towns", className: "map__town", opacity: 1 })
        .setLatLng([lat, lng]).setContent(element("span", name)).addTo(names);
    }
  };

  // ---- pins and clusters
  const layer = L.layerGroup().addTo(map);
  let asked = null;
  let drawn = "";
  let wanted = null; // what to focus once the next answer is drawn

  const link = (properties) => {
    const made = element("a", properties.name, { href: properties.url });
    if (config.embedded) { made.target = "_blank"; made.rel = "noopener"; }
    return made;
  };

  const landmark = (latitude, longitude) => {
    let best = "", least = Infinity;
    for (const [name, lat, lon] of config.landmarks) {
      const far = (lat - latitude) ** 2 + ((lon - longitude) * 0.61) ** 2;
      if (far < least) { least = far; best = name; }
    }
    return best;
  };
  const unique = (label, labels) => {
    let found = label;
    for (let again = 2; labels.has(found); again += 1) found = `${label} (${again})`;
    labels.add(found);
    return found;
  };

  let opener = null; // the marker whose popup is open
  const open = (marker, content) => {
    opener = marker;
    const popup = L.popup({ maxWidth: 300, minWidth: 180, offset: [0, -8], autoPanPadding: [20, 20] })
      .setLatLng(marker.getLatLng()).setContent(content).openOn(map);
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", words.close);
    (content.querySelector("a") || close).focus();
  };
  map.on("popupclose", ({ popup }) => {
    const from = opener && opener.getElement();
    if (from && (popup.getElement().contains(document.activeElement) || document.activeElement === document.body)) from.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    map.closePopup();
    event.stopPropagation();
  });

  const showPin = (marker, properties) => {
    const content = element("div");
    const line = element("p");
    line.append(link(properties));
    content.append(line, element("p", properties.place, { class: "meta" }));
    open(marker, content);
  };

  const showSpot = async (marker, count) => {
    const { lat, lng } = marker.getLatLng();
    const query = filters();
    const edge = 0.0005;
    query.set("bbox", [lng - edge, lat - edge, lng + edge, lat + edge].map((value) => value.toFixed(5)).join(","));
    const found = (await ask(query)).features;
    const content = element("div");
    content.append(element("p", howMany(count), { class: "label" }));
    const list = element("ul");
    for (const feature of found.filter((one) => !one.properties.cluster).slice(0, 100)) {
      const item = element("li");
      item.append(link(feature.properties));
      list.append(item);
    }
    content.append(list);
    if (list.childElementCount < count) {
      const all = filters();
      const place = found.find((one) => one.properties.place);
      if (place) all.set("q", place.properties.place);
      content.append(link({ name: words.all, url: `${config.list}?${all}` }));
    }
    open(marker, content);
  };

  const zoomTo = (marker, count) => {
    wanted = marker.getLatLng();
    say(fill(words.zoomed, { what: howMany(count) }));
    map.setView(wanted, Math.min(map.getZoom() + 2, map.getMaxZoom()));
  };

  const pinIcon = L.icon({ iconUrl: config.pin, iconSize: [28, 28], iconAnchor: [14, 14], popupAnchor: [0, -8], className: "map__pin" });
  const clusterIcon = (count, spot) => {
    const size = width(count);
    return L.divIcon({
      html: element("span", number.format(count)), iconSize: [size, size],
      className: `map__cluster${spot ? " map__cluster--spot" : ""}`,
    });
  };

  // No two markers cover each other: what would becomes one cluster, which may then reach a next one.
  const merged = (features) => {
    let kept = features.map(({ geometry, properties }) => {
      const [lng, lat] = geometry.coordinates;
      return { lat, lng, at: map.latLngToLayerPoint([lat, lng]), count: properties.point_count || 1, properties };
    });
    for (let before = Infinity; kept.length < before;) {
      before = kept.length;
      kept = kept.sort((a, b) => b.count - a.count).reduce((done, one) => {
        const near = done.find((other) => {
          const room = (width(one.count) + width(other.count)) / 2;
          return Math.abs(one.at.x - other.at.x) < room && Math.abs(one.at.y - other.at.y) < room;
        });
        if (!near) done.push(one);
        else {
          near.count += one.count;
          near.properties = { cluster: true };
        }
        return done;
      }, []);
    }
    return kept;
  };

  const draw = (features) => {
    const labels = new Set();
    const focused = layer.getLayers().find((one) => one.getElement() === document.activeElement);
    if (focused) wanted = wanted || focused.getLatLng();
    layer.clearLayers();
    for (const { lat, lng, count, properties } of merged(features)) {
      const single = count === 1 && !properties.cluster;
      const label = unique(single ? fill(words.here, { what: properties.name, place: properties.place })
        : fill(words.near, { what: howMany(count), place: landmark(lat, lng) }), labels);
      const marker = L.marker([lat, lng], {
        icon: single ? pinIcon : clusterIcon(count, properties.one_spot), alt: label, title: label,
        riseOnHover: true, zIndexOffset: count,
      });
      const act = () => {
        if (single) showPin(marker, properties);
        else if (properties.one_spot || map.getZoom() >= map.getMaxZoom()) showSpot(marker, count).catch(() => say(words.failed));
        else zoomTo(marker, count);
      };
      marker.on("click", act);
      marker.on("add", () => {
        const made = marker.getElement();
        made.setAttribute("aria-label", label);
        made.setAttribute("role", "button");
        made.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          event.stopPropagation();
          act();
        });
      });
      layer.addLayer(marker);
    }
    if (wanted) {
      const nearest = layer.getLayers().sort((a, b) => a.getLatLng().distanceTo(wanted) - b.getLatLng().distanceTo(wanted))[0];
      (nearest ? nearest.getElement() : box).focus();
      wanted = null;
    }
  };

  const ask = async (query) => {
    const answer = await fetch(`${config.pins}?${query}`, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };

  const refresh = async () => {
    const zoom = Math.round(map.getZoom());
    const step = 22.5 / 2 ** zoom; // whole steps, so that small moves ask for what was asked before
    const edges = map.getBounds();
    const snap = (value, round) => (round(value / step) * step).toFixed(5);
    const query = filters();
    query.set("bbox", [
      snap(Math.max(edges.getWest(), -20), Math.floor), snap(Math.max(edges.getSouth(), 40), Math.floor),
      snap(Math.min(edges.getEast(), 30), Math.ceil), snap(Math.min(edges.getNorth(), 65), Math.ceil),
    ].join(","));
    query.set("zoom", zoom);
    if (String(query) === drawn) return;
    const mine = (asked = String(query));
    try {
      const answer = await ask(query);
      if (mine !== asked) return; // a later question is on its way
      drawn = mine;
      draw(answer.features);
    } catch {
      if (mine === asked) say(words.failed);
    }
  };
  let hasPopup = false; // while a popup is open its marker stays, whatever the map shows
  map.on("popupopen", () => { hasPopup = true; });
  map.on("popupclose", () => { hasPopup = false; setTimeout(refresh, 50); });
  map.on("moveend", () => { if (!hasPopup) refresh(); });
  map.on("zoomend", drawTowns);
  drawTowns();
  document.addEventListener("htmx:afterSettle", () => { drawn = ""; map.closePopup(); refresh(); syncLink(); });
  const mapLink = document.querySelector("[data-map-link]");
  const syncLink = () => { if (mapLink) mapLink.search = String(filters()); };
  refresh();

  // ---- detailed pictures from elsewhere, only when asked for
  if (config.tiles) {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const button = element("button", words.detail, { type: "button", class: "map__detail", title: words.detailNote });
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => {
        L.tileLayer(config.tiles.url, { attribution: config.tiles.attribution, minZoom: 6, maxZoom: 19 }).addTo(map);
        box.classList.add("map--tiles");
        button.remove();
      });
      return button;
    };
    control.addTo(map);
  }
})();
