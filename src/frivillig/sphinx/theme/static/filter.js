// A search box above the list of all numbers. It is made here, so that without script there is no dead box.
document.addEventListener("DOMContentLoaded", () => {
  // Each group of rows begins with a row that names the place in the report.
  const groups = [...document.querySelectorAll("table.published tbody")];
  if (!groups.length) return;
  const rows = groups.flatMap((group) => [...group.rows].slice(1));
  const texts = rows.map((row) => `${row.parentNode.rows[0].textContent} ${row.textContent}`.toLowerCase());
  const sections = [...new Set(rows.map((row) => row.closest("section")))];

  const label = document.createElement("label");
  label.textContent = "Søk i tallene";
  const box = document.createElement("input");
  box.type = "search";
  const status = document.createElement("p");
  status.setAttribute("role", "status"); // read aloud when it changes
  label.append(box);
  const form = document.createElement("div");
  form.className = "search-numbers";
  form.append(label, status);
  sections[0].before(form);

  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
    });
    for (const group of groups) group.hidden = [...group.rows].slice(1).every((row) => row.hidden);
    for (const section of sections) section.hidden = !section.querySelector("tbody:not([hidden])");
    const left = rows.filter((row) => !row.hidden).length;
    status.textContent = words.length ? `${left} av ${rows.length} tall` : "";
  };
  box.addEventListener("input", show);
  // A link to a row that the search hides must still lead to it.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) {
      box.value = "";
      show();
      target.scrollIntoView();
    }
  });
});
