"use strict";
// Everything that a report says comes into the page as text, or as HTML that was escaped when the page was made.
(() => {
  const STEP = 60; // rows that are drawn at once
  const DESCENDING_FIRST = new Set(["start", "duration", "worst"]);
  const UNKNOWN = "not said";
  const $ = (id) => document.getElementById(id);
  const form = $("filters");
  const parts = new Map();
  let all = [], byKey = new Map(), shown = [], drawn = 0, chunk = 1;
  let set = null; // the incidents of a mark of a plot: {name, words, rows}
  let sets = null; // all of them, when they are first asked for
  let sort = { by: "start", down: true };
  let current = null, left = 0;

  async function unpack(id) {
    if (typeof DecompressionStream === "undefined") throw new Error("this browser is too old to unpack the incidents");
    const letters = atob($(id).textContent.trim());
    const bytes = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  }

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  const spaced = (name) => name.replaceAll("_", " ");

  function length(minutes) {
    const whole = Math.round(minutes), days = Math.floor(whole / 1440), hours = Math.floor(whole / 60) % 24;
    const told = [[days, "d"], [hours, "h"], [whole % 60, "min"]].filter(([n]) => n).slice(0, 2);
    return told.map(([n, unit]) => `${n} ${unit}`).join(" ") || "0 min";
  }

  // ---- the state, in the address: #category=network&period=2023-Q4&sort=-duration, or #incident=KEY&at-7

  function address() {
    const state = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value && name !== "sort") state.set(name, value);
    if (set) state.set("set", set.name);
    if (sort.by !== "start" || !sort.down) state.set("sort", (sort.down ? "-" : "") + sort.by);
    return "#" + state;
  }

  async function restore(hash) {
    const state = new URLSearchParams(hash.slice(1));
    for (const field of form.elements) {
      if (!field.name || field.name === "sort") continue;
      field.value = state.get(field.name) ?? "";
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
    }
    set = null;
    if (state.get("set")) {
      sets ??= await unpack("sets");
      const name = state.get("set"), found = Object.hasOwn(sets, name) ? sets[name] : null;
      if (found) set = { name, words: found[0], rows: new Set(found.slice(1)) };
    }
    const by = state.get("sort") ?? "-start";
    const name = by.replace(/^-/, "");
    sort = { by: name in (all[0] ?? {}) ? name : "start", down: by.startsWith("-") };
    filter();
  }

  // ---- the table

  function keep(row, wanted, words) {
    if (set && !set.rows.has(row.number)) return false;
    if (wanted.category && !(row.categories.includes(wanted.category) || (wanted.category === UNKNOWN && !row.categories.length))) return false;
    if (wanted.period && row.year !== wanted.period && row.quarter !== wanted.period) return false;
    for (const name of ["severity", "detection", "status"]) if (wanted[name] && row[name] !== wanted[name]) return false;
    return words.every((word) => row.hay.includes(word));
  }

  function order(a, b) {
    const x = value(a), y = value(b);
    if (x === null || y === null) return (x === null) - (y === null) || a.number - b.number; // what is not said comes last
    const way = x < y ? -1 : x > y ? 1 : 0;
    return (sort.down ? -way : way) || a.number - b.number;
  }

  function value(row) {
    const found = row[sort.by];
    if (sort.by === "start") return found && !found.startsWith("X") ? found : null;
    if (sort.by === "title") return (row.title || row.path).toLowerCase();
    if (sort.by === "categories") return found[0] ?? null;
    return found === "" || found === UNKNOWN ? null : found;
  }

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    shown = all.filter((row) => keep(row, wanted, words)).sort(order);
    drawn = 0;
    $("rows").replaceChildren();
    draw(STEP);
    const count = shown.length.toLocaleString("en");
    $("count").textContent = shown.length === all.length ? `${count} incidents` : `${count} of ${all.length.toLocaleString("en")} incidents`;
    $("picked").replaceChildren(...(set ? [chip()] : []));
    for (const head of $("heads").cells) {
      if (head.dataset.sort === sort.by) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    form.elements.sort.value = (sort.down ? "-" : "") + sort.by;
  }

  function chip() {
    const plot = document.querySelector(`#plot-${CSS.escape(set.name.split(":")[0])} h3`);
    const told = [plot?.textContent, set.words].filter(Boolean).join(": ");
    const button = make("button", "", `${told} ×`);
    button.type = "button";
    button.setAttribute("aria-label", `Remove the filter: ${told}`);
    button.onclick = () => { set = null; changed(); form.elements.q.focus(); };
    return button;
  }

  function changed() {
    history.replaceState(null, "", address());
    filter();
  }

  function draw(number) {
    const until = Math.min(shown.length, drawn + number);
    const rows = document.createDocumentFragment();
    for (; drawn < until; drawn++) rows.append(line(shown[drawn], drawn));
    $("rows").append(rows);
    const rest = shown.length - drawn;
    $("more").hidden = !rest;
    $("more").textContent = `Show ${Math.min(rest, 4 * STEP).toLocaleString("en")} more`;
  }

  function line(row, place) {
    const node = make("tr");
    const what = make("td", "what"), link = make("a", "", row.title || row.path || row.key);
    link.href = `#incident=${row.key}`;
    link.dir = "auto";
    link.tabIndex = place ? -1 : 0; // one stop for the Tab key, arrows within
    what.append(link);
    const below = [row.title ? row.path : "", row.services.join(", ")].filter(Boolean).join(" · ");
    if (below) { const small = make("small", "", below); small.dir = "auto"; what.append(small); }
    const cause = make("td", "", row.categories.length ? spaced(row.categories[0]) : "–");
    if (row.categories.length > 1) cause.append(make("span", "more-of", ` also ${row.categories.slice(1).map(spaced).join(", ")}`));
    const started = row.status === "ok" ? row.start : spaced(row.status);
    node.append(
      cell("when", started), what,
      cell("num", row.duration === null ? "" : length(row.duration)), cell("num", row.impact),
      cell("", row.severity === UNKNOWN ? "" : row.severity), cell("", row.detection === UNKNOWN ? "" : spaced(row.detection)), cause,
    );
    if (!row.categories.length) cause.className = "none";
    node.setAttribute("role", "row"); // on a telephone it is laid out otherwise, and a row all the same
    for (const one of node.cells) one.setAttribute("role", "cell");
    return node;
  }

  function cell(className, text) {
    const node = make("td", text ? className : `${className} none`, text || "–");
    if (text) node.dir = "auto";
    return node;
  }

  const links = () => $("rows").querySelectorAll(".what a");

  function step(link, way) {
    const found = [...links()], place = found.indexOf(link) + way;
    if (place < 0) return form.elements.q.focus();
    if (place >= found.length && drawn < shown.length) { draw(STEP); return step(link, way); }
    stop(found[Math.min(place, found.length - 1)]);
  }

  function stop(link) {
    if (!link) return;
    for (const other of links()) other.tabIndex = -1;
    link.tabIndex = 0;
    link.focus();
  }

  // ---- one incident

  async function open(key, at) {
    const row = byKey.get(key);
    if (!row) return close();
    if (current !== row) {
      if (!current) left = window.scrollY;
      const number = Math.floor(row.number / chunk);
      if (!parts.has(number)) parts.set(number, unpack(`chunk-${number}`));
      const html = (await parts.get(number))[row.number % chunk];
      if (new RegExp(/^#incident=([^&]*)/).exec(location.hash)?.[1] !== key) return; // another one was asked for meanwhile
      current = row;
      $("single-title").textContent = row.title || row.path || row.key;
      $("single-title").dir = "auto";
      $("single-path").textContent = row.title ? row.path : "";
      $("single-body").innerHTML = html;
      turn();
      $("overview").hidden = true;
      $("single").hidden = false;
      if (!at) { window.scrollTo(0, 0); $("single-title").focus({ preventScroll: true }); }
    }
    mark(at);
  }

  function turn() {
    const place = shown.indexOf(current);
    $("place").textContent = place < 0 ? "" : `${place + 1} of ${shown.length}`;
    for (const [id, other] of [["previous", shown[place - 1]], ["next", place < 0 ? undefined : shown[place + 1]]]) {
      $(id).hidden = !other;
      if (other) $(id).href = `#incident=${other.key}`;
    }
    $("back").href = address();
  }

  function mark(at) {
    for (const old of document.querySelectorAll(".pm-on")) old.classList.remove("pm-on");
    if (!at) return;
    const pieces = document.querySelectorAll(`#single-body mark[data-e~="${at}"]`);
    for (const piece of pieces) piece.classList.add("pm-on");
    if (!pieces.length) return;
    pieces[0].tabIndex = -1;
    pieces[0].focus({ preventScroll: true });
    pieces[0].scrollIntoView({ block: "center" });
  }

  function close() {
    const last = current;
    current = null;
    $("single").hidden = true;
    $("overview").hidden = false;
    $("single-body").replaceChildren();
    if (!last) return;
    window.scrollTo(0, left);
    const place = shown.indexOf(last);
    if (place >= drawn) draw(place - drawn + STEP);
    const link = links()[place];
    if (link) { stop(link); link.scrollIntoView({ block: "nearest" }); }
  }

  async function route() {
    const hash = decodeURI(location.hash);
    const asked = /^#incident=([^&]*)(?:&at-(\d+))?$/.exec(hash);
    if (asked) return open(asked[1], asked[2]);
    const reading = Boolean(current), place = hash.length > 1 && !hash.includes("=");
    const state = "#" + new URLSearchParams(location.hash.slice(1));
    if (!place && state !== address()) await restore(location.hash);
    close();
    if (!reading && hash.includes("=")) $("table-title").scrollIntoView();
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "Escape" && current) { location.hash = $("back").hash || "#"; return event.preventDefault(); }
    if (event.key === "Escape" && event.target === form.elements.q) { form.elements.q.value = ""; return changed(); }
    if (event.key === "ArrowDown" && event.target === form.elements.q) { stop(links()[0]); return event.preventDefault(); }
    if (typing) return;
    if (event.key === "/" && !current) { form.elements.q.focus(); form.elements.q.select(); return event.preventDefault(); }
    if (current && event.key === "n" && !$("next").hidden) return $("next").click();
    if (current && event.key === "p" && !$("previous").hidden) return $("previous").click();
    const link = event.target.closest?.(".what a");
    if (!link) return;
    const ways = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 };
    if (event.key in ways) { step(link, ways[event.key]); event.preventDefault(); }
    if (event.key === "Home") { stop(links()[0]); event.preventDefault(); }
    if (event.key === "End") { draw(shown.length); stop([...links()].at(-1)); event.preventDefault(); }
  }

  function listen() {
    form.addEventListener("input", (event) => {
      if (event.target.name === "sort") {
        const by = event.target.value;
        sort = { by: by.replace(/^-/, ""), down: by.startsWith("-") };
      }
      changed();
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); stop(links()[0]); });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      history.replaceState(null, "", "#");
      restore("");
    });
    for (const head of $("heads").cells) {
      const button = make("button", "", head.textContent);
      button.type = "button";
      button.onclick = () => {
        const by = head.dataset.sort;
        sort = { by, down: sort.by === by ? !sort.down : DESCENDING_FIRST.has(by) };
        changed();
      };
      head.replaceChildren(button);
    }
    $("rows").addEventListener("click", (event) => {
      if (event.target.closest("a") || String(getSelection())) return;
      event.target.closest("tr")?.querySelector("a").click();
    });
    $("more").onclick = () => { const next = drawn; draw(4 * STEP); stop(links()[next]); };
    addEventListener("keydown", keys);
    addEventListener("hashchange", route);
    addEventListener("beforeprint", () => draw(shown.length));
  }

  async function start() {
    const index = await unpack("index");
    chunk = index.chunk;
    all = index.rows.map((cells, number) => {
      const row = Object.fromEntries(index.columns.map((name, at) => [name, cells[at]]));
      row.number = number;
      row.hay = [row.title, row.path, row.cause, ...row.services, ...row.categories, ...row.categories.map(spaced), row.key].join("\n").toLowerCase();
      return row;
    });
    byKey = new Map(all.map((row) => [row.key, row]));
    listen();
    const single = location.hash.startsWith("#incident=");
    await restore(single ? "" : location.hash);
    if (location.hash) await route();
    document.documentElement.dataset.ready = "true";
  }

  start().catch((error) => {
    $("trouble").textContent = `The incidents cannot be shown: ${error.message}.`;
    $("trouble").hidden = false;
  });
})();
