// Buttons beside what readers take along: exhibits are enlarged, links and citations copied. They are made here,
// so that without script there are no dead buttons; the downloads are plain links.
{
  const tell = document.createElement("p");
  tell.className = "visually-hidden";
  tell.setAttribute("role", "status"); // read aloud when it changes

  const button = (text, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", `${text} ${label}`);
    return made;
  };

  // One dialog for all: the browser keeps the focus within it, closes it on Escape and gives the focus back.
  const dialog = document.createElement("dialog");
  dialog.className = "exhibit-dialog";
  const close = button("Lukk", "");
  close.setAttribute("aria-label", "Lukk");
  close.addEventListener("click", () => dialog.close());
  const view = document.createElement("div"); // scrolls where the exhibit is larger than the window
  view.className = "exhibit-view";
  view.tabIndex = 0;
  view.setAttribute("role", "region");
  dialog.append(close, view);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  const enlarge = (exhibit, label) => {
    const copy = exhibit.cloneNode(true);
    for (const element of [copy, ...copy.querySelectorAll("[id]")]) element.removeAttribute("id");
    copy.querySelectorAll(".headerlink").forEach((link) => link.remove());
    const picture = copy.querySelector("img");
    // As large as the window lets it be, and at least so large that the letters are easily read.
    if (picture) {
      const { naturalWidth, naturalHeight } = exhibit.querySelector("img");
      picture.style.setProperty("--ratio", naturalWidth / naturalHeight);
    }
    dialog.setAttribute("aria-label", label);
    view.setAttribute("aria-label", label);
    view.replaceChildren(copy);
    dialog.showModal();
    view.scrollTo(0, 0);
  };

  // Copy a text, or do `instead` where a page may not copy, and tell in the button and aloud what was done.
  const copy = async (text, made, done, instead) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = instead();
    }
    const before = made.textContent;
    if (before !== done) setTimeout(() => ((made.textContent = before), (tell.textContent = "")), 4000);
    made.textContent = tell.textContent = done;
  };

  const copyLink = (name, made) =>
    copy(new URL(`#${name}`, location.href).href, made, "Lenken er kopiert", () => {
      location.hash = name;
      return "Lenken står nå i adressefeltet";
    });

  const copyText = (element, made) =>
    copy(element.textContent.trim(), made, "Kopiert", () => {
      getSelection().selectAllChildren(element);
      return "Teksten er merket";
    });

  // A link to code that is folded away unfolds it; browsers of some years ago do not do so by themselves.
  const unfold = () => {
    const target = location.hash.startsWith("#kode-") && document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  };

  for (const tools of document.querySelectorAll(".exhibit-tools")) {
    const { exhibit: name } = tools.dataset;
    const label = tools.getAttribute("aria-label");
    const exhibit = document.getElementById(name);
    const larger = button("Forstørr", label);
    larger.addEventListener("click", () => enlarge(exhibit, label));
    const link = button("Kopier lenke", `til ${label}`);
    link.addEventListener("click", () => copyLink(name, link));
    tools.querySelector(".downloads").prepend(larger, link);
  }
  for (const tools of document.querySelectorAll(".cite-tools")) {
    const citation = tools.previousElementSibling;
    const whole = button("Kopier sitering", `: ${tools.getAttribute("aria-label")}`);
    whole.addEventListener("click", () => copyText(citation, whole));
    tools.querySelector(".downloads").prepend(whole);
    for (const text of tools.querySelectorAll("pre")) {
      const form = text.closest("[class*=highlight-]").previousElementSibling;
      const part = button("Kopier", form.textContent);
      part.addEventListener("click", () => copyText(text, part));
      form.append(" ", part);
    }
  }
  for (const code of document.querySelectorAll("a.to-code")) {
    code.addEventListener("click", () => setTimeout(unfold));
  }
  document.querySelector("article").append(tell, dialog);
  window.addEventListener("hashchange", unfold);
  unfold();
}
