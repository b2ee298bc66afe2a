() => {
  const { language, words } = STRINGS;
  const box = () => document.querySelector("#tm-box textarea");
  box()?.setAttribute("aria-label", "Your message");
  document.querySelector("#tm-box .submit-button")?.setAttribute("aria-label", "Send");

  /* What is drawn once is translated here: text by text, and the attributes that are read out or shown. */
  const known = ["en", "de", "es", "fr"];
  const asked = language ? [language] : navigator.languages.map((one) => one.slice(0, 2).toLowerCase());
  const code = asked.find((one) => known.includes(one)) || "en";
  document.documentElement.lang = code;
  if (code !== "en") {
    const say = (text) => words[text.trim()]?.[code];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const said = say(node.data);
      if (said && !node.parentElement.closest("script, style, #tm-conversation")) node.data = said;
    }
    for (const name of ["placeholder", "aria-label", "title"]) {
      for (const one of document.querySelectorAll(`[${name}]`)) {
        const said = say(one.getAttribute(name));
        if (said) one.setAttribute(name, said);
      }
    }
  }

  /* The arrow up in an empty box brings back what was said, the latest first; the arrow down goes forward again. */
  let place = 0;
  document.addEventListener("keydown", (event) => {
    const field = box();
    if (event.target !== field || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const said = [...document.querySelectorAll(".tm-turn .tm-said[data-said]")].map((one) => one.dataset.said);
    if (field.value && field.value !== said[said.length - place]) return;
    if (!field.value) place = 0;
    const next = place + (event.key === "ArrowUp" ? 1 : -1);
    if (next < 0 || next > said.length) return;
    event.preventDefault();
    place = next;
    field.value = place ? said[said.length - place] : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
