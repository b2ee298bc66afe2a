const field = element.querySelector("input");
const list = element.querySelector("ul");
const status = element.querySelector("[role=status]");
let found = [];
let active = -1;
let asked = 0;
let waiting = null;

function close() {
  asked += 1;
  clearTimeout(waiting);
  list.hidden = true;
  active = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function mark(index) {
  active = index;
  [...list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === index)));
  if (index >= 0) {
    field.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }
}

function choose(index) {
  trigger("select", { value: found[index].value });
  status.textContent = found[index].title + " added";
  field.value = "";
  close();
}

/* Rows are made of text nodes: a title is never read as markup. */
function row(hit, index) {
  const li = document.createElement("li");
  li.id = list.id + "-" + index;
  li.setAttribute("role", "option");
  li.textContent = hit.title;
  li.addEventListener("mousedown", (event) => event.preventDefault());
  li.addEventListener("click", () => choose(index));
  return li;
}

function show(hits) {
  found = hits;
  list.replaceChildren(...hits.map(row));
  if (!hits.length && field.value.trim()) {
    const none = document.createElement("li");
    none.className = "tm-none";
    none.textContent = "No title like that";
    list.append(none);
  }
  list.hidden = !list.children.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  status.textContent = hits.length ? hits.length + " titles found" : "No title found";
  mark(-1);
}

async function search() {
  const mine = ++asked;
  try {
    const hits = await server.search_titles(field.value);
    if (mine === asked && document.activeElement === field) show(hits);
  } catch {
    close();
  }
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 120);
});
field.addEventListener("focus", search);
field.addEventListener("blur", close);
field.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !list.hidden && found.length) {
    event.preventDefault();
    mark((active + step + found.length) % found.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!list.hidden && found.length) choose(Math.max(active, 0));
  } else if (event.key === "Escape") {
    close();
  }
});
