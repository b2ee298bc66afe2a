/* One listener for the whole list: what is in it changes, it stays. */
const kinds = { "export-md": ["md", "text/markdown"], "export-json": ["json", "application/json"] };

async function save(id, form, type) {
  const text = await server.export(form + ":" + id).catch(() => "");
  if (!text) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = "conversation-" + id + "." + form;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/* The title becomes a field; Enter keeps what is typed, Escape what was there. */
function rename(button) {
  const row = button.closest("li");
  const title = row.querySelector(".tm-list-title");
  const field = document.createElement("input");
  field.value = title.textContent;
  field.maxLength = 60;
  field.className = "tm-list-search";
  field.setAttribute("aria-label", button.getAttribute("aria-label"));
  title.replaceWith(field);
  field.select();
  let over = false;
  const end = (keep) => {
    if (over) return;
    over = true;
    field.replaceWith(title);
    if (keep && field.value.trim() && field.value !== title.textContent) {
      trigger("click", { act: "rename-session", value: button.dataset.value, title: field.value });
    }
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") end(false);
  });
  field.addEventListener("blur", () => end(true));
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  const { act, value } = button.dataset;
  if (kinds[act]) save(value, ...kinds[act]);
  else if (act === "rename-session") rename(button);
  else trigger("click", { act, value });
});

element.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  const wanted = event.target.value.toLowerCase();
  for (const row of element.querySelectorAll(".tm-list-row")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
});
