/* The address names the conversation that is open, so that a reload or a restart goes on with it. */
watch("value", () => {
  const told = element.querySelector("[data-session]");
  if (!told) return;
  const address = new URL(location.href);
  if (told.dataset.session) address.searchParams.set("session", told.dataset.session);
  else address.searchParams.delete("session");
  address.searchParams.delete("token");
  if (address.href !== location.href) history.replaceState(null, "", address);
  document.documentElement.lang = told.dataset.language;
});
