/* A chat for somebody's site: <script src="https://HOST/widget.js" data-key="KEY" data-title="Ask us"></script>
   Everything lies in a shadow root, so that neither the site's style nor this one's reaches the other. */
(() => {
  const script = document.currentScript;
  const base = (script.dataset.server || new URL(".", script.src).href).replace(/\/$/, "");
  const store = "tastemaker-session:" + base;
  const headers = { "Content-Type": "application/json" };
  if (script.dataset.key) headers.Authorization = "Bearer " + script.dataset.key;
  const words = { title: script.dataset.title || "What are you looking for?", send: "Send", close: "Close" };
  const accent = /^#[0-9a-f]{3,8}$/i.test(script.dataset.color || "") ? script.dataset.color : "#0f766e";

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = `
    :host { all: initial; font: 15px/1.45 system-ui, sans-serif; color-scheme: light dark; --accent: ${accent} }
    button { font: inherit; border: 0; border-radius: 8px; padding: .5rem .8rem; background: var(--accent); color: #fff; cursor: pointer }
    .open { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; border-radius: 999px; padding: .8rem 1.1rem }
    .panel { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483001; width: min(24rem, calc(100vw - 2rem));
      height: min(34rem, calc(100vh - 2rem)); display: flex; flex-direction: column; border-radius: 12px; overflow: hidden;
      background: Canvas; color: CanvasText; box-shadow: 0 8px 32px #0006 }
    .panel[hidden] { display: none }
    header { display: flex; justify-content: space-between; align-items: center; padding: .6rem .8rem; font-weight: 600 }
    .log { flex: 1; overflow: auto; padding: 0 .8rem } .said { text-align: right; font-weight: 600 }
    ol { padding-left: 1.2rem; margin: .4rem 0 } li { margin-bottom: .4rem } p { margin: .5rem 0 } li span { display: block; opacity: .8 }
    li a { color: inherit; font-weight: 600 } li.pictured > div:last-child { padding-left: 3.6rem; min-height: 4.5rem } li.pictured { position: relative }
    .picture { position: absolute; inset: .1rem auto auto 0; width: 3rem; height: 4.4rem; display: grid; place-items: center; overflow: hidden;
      border-radius: 6px; background: #8882; color: var(--accent); font-size: 1.3rem; font-weight: 600 }
    .picture img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover }
    form { display: flex; gap: .4rem; padding: .6rem } input { flex: 1; min-width: 0; font: inherit; padding: .5rem; border-radius: 8px; border: 1px solid #8888; background: Field; color: FieldText }`;
  const make = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const opener = make("button", words.title, { class: "open", type: "button" });
  const panel = make("section", "", { class: "panel", role: "dialog", "aria-label": words.title });
  panel.hidden = true;
  const head = make("header", words.title);
  const closer = make("button", "×", { type: "button", "aria-label": words.close });
  head.append(closer);
  const log = make("div", "", { class: "log", role: "log", "aria-live": "polite" });
  const form = make("form");
  const field = make("input", "", { "aria-label": words.title, autocomplete: "off", maxlength: "2000" });
  form.append(field, make("button", words.send, { type: "submit" }));
  panel.append(head, log, form);
  root.append(style, opener, panel);
  const attach = () => document.body.append(host);
  document.body ? attach() : document.addEventListener("DOMContentLoaded", attach); // the script may stand in the head

  const show = (open) => {
    panel.hidden = !open;
    opener.hidden = open;
    (open ? field : opener).focus();
  };
  opener.addEventListener("click", () => show(true));
  closer.addEventListener("click", () => show(false));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && show(false));

  async function call(path, body) {
    const answer = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(told.error?.message || "No answer; try again."), { status: answer.status });
    }
    return answer;
  }

  async function session(fresh) {
    let id = fresh ? null : localStorage.getItem(store);
    if (!id) {
      id = (await (await call("/v1/sessions", {})).json()).session;
      localStorage.setItem(store, id);
    }
    return id;
  }

  async function* events(answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const data = part.split("\n").find((line) => line.startsWith("data: "));
        if (data) yield JSON.parse(data.slice(6));
      }
    }
  }

  const address = (text) => {
    try {
      return ["http:", "https:"].includes(new URL(text).protocol) ? text : "";
    } catch {
      return "";
    }
  };
  const card = (one) => {
    const row = make("li");
    const words = make("div");
    const link = address(one.link);
    const title = make(link ? "a" : "strong", one.title, link ? { href: link, target: "_blank", rel: "noopener noreferrer nofollow" } : {});
    words.append(title, make("span", one.reason));
    const image = address(one.image);
    if (image) {
      // Drawn until the picture comes, and where it does not; it is fetched when it is about to be seen.
      const drawn = make("div", [...one.title][0], { class: "picture", "aria-hidden": "true" });
      const picture = make("img", "", { alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
      picture.addEventListener("error", () => picture.remove());
      picture.src = image;
      drawn.append(picture);
      row.append(drawn);
      row.classList.add("pictured");
    }
    row.append(words);
    return row;
  };

  async function ask(message, into, fresh = false) {
    let answer;
    try {
      answer = await call(`/v1/sessions/${await session(fresh)}/messages`, { message, stream: true });
    } catch (error) {
      if (error.status === 404 && !fresh) return ask(message, into, true);
      throw error;
    }
    const list = make("ol");
    const lead = make("p", "…");
    into.append(lead, list);
    for await (const event of events(answer)) {
      if (event.kind === "item") list.append(card(event.card));
      if (event.kind === "text") lead.textContent = event.text;
      if (event.kind === "error") throw new Error(event.message);
      if (event.kind === "done") {
        lead.textContent = [...event.reply.notes, event.reply.message].filter(Boolean).join(" ");
        list.replaceChildren(...event.reply.items.map(card));
        if (event.reply.question) into.append(make("p", event.reply.question));
      }
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const message = field.value.trim();
    if (!message) return;
    field.value = "";
    const into = make("div");
    log.append(make("p", message, { class: "said" }), into);
    log.scrollTop = log.scrollHeight;
    try {
      await ask(message, into);
    } catch (error) {
      into.append(make("p", error.message, { role: "alert" }));
    }
    log.scrollTop = log.scrollHeight;
  });
})();
