"use strict";
// Cases of runs: a list that filters narrow, and one case beside it. Texts of cases are set as text, never as HTML.
(() => {
  const PER_PAGE = 50;
  const root = document.getElementById("cases");
  const head = JSON.parse(document.getElementById("cases-head").textContent);
  const cases = head.cases;
  const pieces = new Map();
  const waiting = new Map();
  let chosen = -1;
  let page = 0;
  let found = [];

  const SHOWN = [
    ["all", "all cases"],
    ["hit", "hit"],
    ["miss", "miss"],
    ["none", "without this figure"],
    ["failed", "failed with an error"],
    ["changed", "changed between runs"],
    ["rose", "better than in the other run"],
    ["fell", "worse than in the other run"],
    ["same", "equal in both runs"],
  ];
  const PAIRED = new Set(["changed", "rose", "fell", "same"]);

  function make(tag, told = {}, ...parts) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(told)) {
      if (name === "class") node.className = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...parts.filter((one) => one !== null && one !== undefined));
    return node;
  }

  function select(id, label, options, onchange) {
    const list = make("select", { id, onchange });
    options.forEach(([value, text]) => list.append(make("option", { value }, text)));
    return [list, make("label", { for: id }, make("span", {}, label), list)];
  }

  const [runList, runLabel] = select("case-run", "Run", head.runs.map((one, n) => [n, one]), restart);
  const [otherList, otherLabel] = select("case-other", "Other run", head.runs.map((one, n) => [n, one]), restart);
  const [metricList, metricLabel] = select("case-metric", "Figure", head.metrics.map((one, n) => [n, one]), restart);
  const [showList, showLabel] = select("case-show", "Show",
    SHOWN.filter(([value]) => head.runs.length > 1 || !PAIRED.has(value)), restart);
  const sliceLists = head.slices.map((slice, n) =>
    select(`case-slice-${n}`, slice.name, [["", "any"], ...slice.values.map((one) => [one, one])], restart));
  const search = make("input", { id: "case-search", type: "search", autocomplete: "off", oninput: restart });
  const searchLabel = make("label", { for: "case-search" }, make("span", {}, "In what was said last, or id"), search);
  const count = make("p", { class: "case-count", role: "status" });
  const list = make("ol", { class: "case-list" });
  const pager = make("div", { class: "case-pager" });
  const view = make("article", { class: "case-view", tabindex: "-1", "aria-live": "polite" });

  const filters = make("form", { class: "case-filters", onsubmit: (event) => event.preventDefault() },
    showLabel, runLabel, head.runs.length > 1 ? otherLabel : null, metricLabel, ...sliceLists.map(([, label]) => label),
    searchLabel, make("button", { type: "button", onclick: reset }, "Clear filters"));
  const legend = make("p", {}, "Figures in the list, run by run: ", head.runs.join(" · "));
  root.append(filters, count, head.runs.length > 1 ? legend : "", make("div", { class: "case-panes" }, make("div", {}, list, pager), view));

  const run = () => Number(runList.value);
  const other = () => Number(otherList.value);
  const metric = () => Number(metricList.value);
  const valueOf = (one, at) => (one.values[at] ? one.values[at][metric()] : null);

  function reset() {
    filters.reset();
    runList.value = String(head.runs.length > 1 ? (head.baseline === 0 ? 1 : 0) : 0);
    otherList.value = String(head.baseline);
    restart();
  }

  function matches(one) {
    const value = valueOf(one, run());
    const before = PAIRED.has(showList.value) ? valueOf(one, other()) : null;
    const both = value !== null && before !== null;
    const kept = {
      all: true,
      hit: value !== null && value > 0,
      miss: value !== null && value <= 0,
      none: value === null,
      failed: one.failed[run()],
      changed: both && value !== before,
      rose: both && value > before,
      fell: both && value < before,
      same: both && value === before,
    }[showList.value];
    if (!kept) return false;
    if (sliceLists.some(([chosenSlice], n) => chosenSlice.value && one.slices[n] !== chosenSlice.value)) return false;
    const sought = search.value.trim().toLowerCase();
    return !sought || `${one.id} ${one.label}`.toLowerCase().includes(sought);
  }

  function restart() {
    page = 0;
    found = cases.filter(matches);
    if (PAIRED.has(showList.value) && showList.value !== "same") {
      const moved = (one) => Math.abs(valueOf(one, run()) - valueOf(one, other()));
      found.sort((a, b) => moved(b) - moved(a));
    }
    remember();
    draw();
  }

  function explain() {
    const name = head.metrics[metric()];
    const how = {
      all: "",
      hit: ` with ${name} above 0 in ${head.runs[run()]}`,
      miss: ` with ${name} 0 in ${head.runs[run()]}`,
      none: ` in which ${head.runs[run()]} has no ${name}, such as moments with nothing new to find`,
      failed: ` in which ${head.runs[run()]} failed`,
      changed: ` whose ${name} differs between ${head.runs[run()]} and ${head.runs[other()]}, the largest first`,
      rose: ` whose ${name} is higher in ${head.runs[run()]} than in ${head.runs[other()]}, the largest first`,
      fell: ` whose ${name} is lower in ${head.runs[run()]} than in ${head.runs[other()]}, the largest first`,
      same: ` whose ${name} is the same in ${head.runs[run()]} and ${head.runs[other()]}`,
    }[showList.value];
    return `${found.length.toLocaleString("en")} of ${cases.length.toLocaleString("en")} cases${how}.`;
  }

  function figure(value) {
    return value === null ? "–" : value.toFixed(3).replace(/^(-?)0\./, "$1.");
  }

  function draw() {
    count.textContent = explain();
    const last = Math.max(0, Math.ceil(found.length / PER_PAGE) - 1);
    page = Math.min(page, last);
    list.start = page * PER_PAGE + 1;
    list.replaceChildren(...found.slice(page * PER_PAGE, (page + 1) * PER_PAGE).map((one) => {
      const values = head.runs.map((name, n) => `${figure(valueOf(one, n))}`).join(" · ");
      const button = make("button", { type: "button", onclick: () => open(one, true) },
        make("b", {}, one.id), make("span", { class: "case-values" }, values), make("span", {}, one.label || one.group));
      if (cases[chosen] === one) button.setAttribute("aria-current", "true");
      return make("li", {}, button);
    }));
    const turn = (step) => () => { page += step; draw(); };
    pager.replaceChildren(
      make("button", { type: "button", onclick: turn(-1), disabled: page === 0 ? "" : null }, "Previous"),
      make("span", {}, ` page ${page + 1} of ${last + 1} `),
      make("button", { type: "button", onclick: turn(1), disabled: page === last ? "" : null }, "Next"));
  }

  async function piece(number) {
    if (!pieces.has(number)) {
      const inside = document.getElementById(`cases-piece-${number}`);
      if (inside) pieces.set(number, JSON.parse(inside.textContent));
      else await load(number);
    }
    return pieces.get(number);
  }

  function load(number) {
    return new Promise((done, fail) => {
      const name = `${head.folder}/${String(number + 1).padStart(3, "0")}.js`;
      waiting.set(number, done);
      document.head.append(make("script", {
        src: name, onerror: () => fail(new Error(`${name} is not beside this page; keep the folder with it.`)),
      }));
    });
  }

  window.tastemakerCases = (number, told) => {
    if (number >= head.pieces) told.forEach((one) => cases.push(one));
    else pieces.set(number, told);
    if (waiting.has(number)) waiting.get(number)();
  };

  async function open(one, move) {
    chosen = cases.indexOf(one);
    remember();
    draw();
    view.replaceChildren(make("p", {}, "Loading …"));
    try {
      const told = (await piece(one.piece))[one.id];
      if (cases[chosen] === one) show(one, told);
    } catch (error) {
      view.replaceChildren(make("p", { class: "case-error" }, error.message));
    }
    if (move && matchMedia("(max-width: 60rem)").matches) view.scrollIntoView();
  }

  const title = (id) => (Object.hasOwn(head.titles, id) ? head.titles[id] : id);

  function show(one, told) {
    const right = new Set(told.gold);
    const before = new Set(told.mentioned);
    const known = new Set([...told.history, ...before]);
    const place = head.runs.map((_, n) => (told.runs[n] ? told.runs[n].items || [] : []).filter((id) => !before.has(id)));
    const slices = head.slices.map((slice, n) => (one.slices[n] ? `${slice.name} ${one.slices[n]}` : null)).filter(Boolean);
    view.replaceChildren(...[
      make("h3", {}, `Case ${one.id}`),
      make("p", {}, [one.group === one.id ? null : `of ${one.group}`, ...slices].filter(Boolean).join("; ")),
      told.history.length ? make("details", {}, make("summary", {}, `${told.history.length} items known beforehand`),
        make("p", {}, told.history.map(title).join("; "))) : null,
      ...talk(told.talk, right),
      told.response ? make("p", { class: "case-say case-human" }, make("b", {}, "what the person answered: "), told.response) : null,
      gold(told, place),
      ...head.runs.map((name, n) => answer(name, told.runs[n], one.values[n], right, known)),
    ].filter(Boolean));
  }

  function gold(told, place) {
    if (!told.gold.length && !told.missing.length && !told.repeated.length) return null;
    const where = told.mentioned.length ? "to find: rank among new items" : "to find: rank";
    const ranks = (id) => head.runs.map((_, n) => String(place[n].indexOf(id) + 1 || "–"));
    const rows = [
      ...told.gold.map((id) => [title(id), ...ranks(id)]),
      ...told.repeated.map((id) => [`${title(id)} (named before, not counted)`, ...head.runs.map(() => "–")]),
      ...told.missing.map((name) => [`${name} (not in the catalogue)`, ...head.runs.map(() => "–")]),
    ];
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Items to find" }, make("table", {},
      make("thead", {}, make("tr", {}, ...[where, ...head.runs].map((cell) =>
        make("th", { scope: "col" }, cell)))),
      make("tbody", {}, ...rows.map(([first, ...rest]) => make("tr", {}, make("th", { scope: "row" }, first),
        ...rest.map((cell) => make("td", {}, cell)))))));
  }

  function talk(said, right) {
    return said.map(([who, text, items]) => make("div", { class: `case-say case-${who === "system" ? "system" : "person"}` },
      who ? make("b", {}, `${who}: `) : "", text || (items ? "" : "–"), items && items.length ? shown(items, right) : null));
  }

  function shown(items, right) {
    return make("p", { class: "case-shown" }, "shown: ", ...items.flatMap((id, n) => [n ? "; " : "",
      right.has(id) ? make("mark", {}, title(id)) : title(id)]));
  }

  function answer(name, told, values, right, known) {
    if (!told) return make("section", {}, make("h4", {}, name), make("p", {}, "has no such case."));
    const figures = values ? head.metrics.map((one, n) => `${one} ${figure(values[n])}`).join(", ") : "";
    const times = [told.seconds === undefined ? null : `${told.seconds.toFixed(3)} s`, told.usage && told.usage.calls
      ? `${told.usage.calls} calls` : null, told.usage && told.usage.cost ? `cost ${told.usage.cost}` : null];
    return make("section", {}, make("h4", {}, name), make("p", {}, [figures, ...times].filter(Boolean).join("; ")),
      told.error ? make("p", { class: "case-error" }, `failed: ${told.error}`) : null,
      told.leaks ? make("p", { class: "case-error" }, `leaked: ${told.leaks.join("; ")}`) : null,
      ...talk(told.talk.length === 1 && !told.talk[0][1] ? [] : told.talk, right),
      told.farewell ? make("p", { class: "case-say case-person" }, make("b", {}, "user: "), told.farewell) : null,
      ranked(told, right, known),
      told.outside ? make("p", {}, `named, and not in the catalogue: ${told.outside.join("; ")}`) : null,
      told.conditions && told.conditions.length ? json("Conditions in force", told.conditions) : null,
      told.changes ? json("Changed from what was shown then", told.changes) : null,
      trace(told.trace || []));
  }

  function ranked(told, right, known) {
    const items = told.items || [];
    if (!items.length) return make("p", {}, "No items.");
    const line = (id, n) => make("li", { class: right.has(id) ? "case-right" : null }, title(id),
      right.has(id) ? make("b", {}, " – to find") : null, known.has(id) ? " (named before)" : null,
      told.grades ? ` (grade ${told.grades[n]})` : null,
      told.chances && told.chances[n] !== undefined ? ` (chance ${told.chances[n].toPrecision(2)})` : null);
    const first = make("ol", { class: "case-ranked" }, ...items.slice(0, 10).map(line));
    if (items.length <= 10) return first;
    const rest = make("ol", { class: "case-ranked", start: "11" }, ...items.slice(10).map((id, n) => line(id, n + 10)));
    return make("div", {}, first, make("details", {}, make("summary", {}, `${items.length - 10} more`), rest));
  }

  const json = (label, told) => make("details", {}, make("summary", {}, label), make("pre", {}, JSON.stringify(told, null, 1)));

  function trace(events) {
    if (!events.length) return null;
    return make("details", {}, make("summary", {}, `Trace: ${events.length} events`), ...events.map((event, n) =>
      json(`${n + 1}. ${event.kind || "event"}${event.step || event.tool ? ` ${event.step || event.tool}` : ""}`, event)));
  }

  function remember() {
    const told = new URLSearchParams({ show: showList.value, run: runList.value, other: otherList.value, figure: metricList.value });
    sliceLists.forEach(([one], n) => { if (one.value) told.set(head.slices[n].name, one.value); });
    if (search.value) told.set("search", search.value);
    if (chosen >= 0) told.set("case", cases[chosen].id);
    try { history.replaceState(null, "", `#${told}`); } catch { /* a page without an address */ }
  }

  function recall() {
    const told = new URLSearchParams(location.hash.slice(1));
    const put = (list, value) => { if ([...list.options].some((one) => one.value === value)) list.value = value; };
    for (const [list, name] of [[showList, "show"], [runList, "run"], [otherList, "other"], [metricList, "figure"]]) {
      if (told.has(name)) put(list, told.get(name));
    }
    sliceLists.forEach(([one], n) => put(one, told.get(head.slices[n].name) || ""));
    search.value = told.get("search") || "";
    return cases.find((one) => one.id === told.get("case"));
  }

  async function start() {
    const hash = location.hash;
    for (let n = 0; n < (head.lists || 0); n += 1) await load(head.pieces + n);
    reset();
    if (hash.length > 1) location.hash = hash;
    const one = recall();
    restart();
    if (one) open(one, false);
  }
  start().catch((error) => { count.textContent = error.message; });
})();
