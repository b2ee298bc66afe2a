const form = element.querySelector("form");
const field = element.querySelector("#tm-condition-field");
const op = element.querySelector("#tm-condition-op");
const value = element.querySelector("#tm-condition-value");
const values = element.querySelector("datalist");
const allowed = JSON.parse(form.dataset.allowed);
const hints = { between: "from, to", any_of: "one, another", none_of: "one, another", all_of: "one, another" };

function option(value, words) {
  const made = document.createElement("option");
  made.value = value;
  if (words) made.textContent = words;
  return made;
}

function hint() {
  value.placeholder = hints[op.value] || "";
}

async function fill() {
  const name = field.value;
  op.replaceChildren(...(allowed[name] || []).map(([key, words]) => option(key, words)));
  hint();
  values.replaceChildren();
  const known = await server.suggest_values(name).catch(() => []);
  if (field.value === name) values.replaceChildren(...known.map((word) => option(word)));
}

field.addEventListener("change", fill);
op.addEventListener("change", hint);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!value.value.trim()) return value.focus();
  trigger("submit", { field: field.value, op: op.value, value: value.value });
  value.value = "";
});
fill();
