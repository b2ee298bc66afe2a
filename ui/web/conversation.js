element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) trigger("click", { act: button.dataset.act, value: button.dataset.value });
});

/* A new message goes to the top and stays there while its answer grows, unless the person scrolls. */
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
let turns = 0;
let follow = false;
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(kind, () => (follow = false), { passive: true });
}
watch("value", () => {
  const all = element.querySelectorAll(".tm-turn");
  if (all.length > turns) follow = true;
  turns = all.length;
  const last = all[turns - 1];
  if (last && follow) last.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
});

/* A picture that does not come leaves the drawn one that lies behind it. */
element.addEventListener("error", (event) => event.target.matches?.("img") && event.target.remove(), true);
