/* One listener for all buttons of a panel: the panel's content changes, the panel stays. */
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) trigger("click", { act: button.dataset.act, value: button.dataset.value });
});
