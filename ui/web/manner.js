/* A menu's choice goes the way of a button's click. */
element.addEventListener("change", (event) => {
  const menu = event.target.closest("select[data-act]");
  if (menu) trigger("click", { act: menu.dataset.act, value: menu.value });
});
