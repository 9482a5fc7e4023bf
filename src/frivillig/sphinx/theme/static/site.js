// What pages do beyond being read. Without script nothing is lost but the choice of colours.

// Light or dark: the button keeps the reader's choice.
const colours = document.querySelector("button.colours");
const show = (theme) => {
  document.documentElement.dataset.theme = theme;
  colours.setAttribute("aria-pressed", theme === "dark");
};
colours.hidden = false;
show(document.documentElement.dataset.theme);
colours.addEventListener("click", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Where storage is refused the choice lasts as long as the page.
  }
  show(theme);
});

// The contents of the page, opened over it, give way to the place that they lead to.
const sections = document.querySelector(".sections");
sections?.addEventListener("click", ({ target }) => {
  if (target.closest("a") && sections.matches(":popover-open")) sections.hidePopover();
});

// What is too wide and scrolls can be reached by keyboard, and says what it is.
const nameOf = (box) =>
  (box.querySelector("caption") ?? box.closest("details")?.querySelector("summary"))?.textContent.trim() ??
  document.title;
const mark = (box) => {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  if (scrolls) {
    box.tabIndex = 0;
    box.setAttribute("role", "group"); // as regions they would be so many landmarks
    box.setAttribute("aria-label", nameOf(box));
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  }
};
const watch = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));
document.querySelectorAll(".scroll, .highlight pre, math[display=block]").forEach((box) => watch.observe(box));
