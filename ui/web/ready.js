() => {
  document.querySelector("#tm-box textarea")?.setAttribute("aria-label", "Your message");
  document.querySelector("#tm-box .submit-button")?.setAttribute("aria-label", "Send");
}
