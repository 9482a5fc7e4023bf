// A form for municipalities: how many inhabitants, and which county. What it shows is computed from the model
// whose numbers the page carries, and taken from the tables of the page. Without script the tables are all there.
{
  const { curve, least, most, starts } = JSON.parse(document.getElementById("size-view").textContent);
  const Z = 1.959963984540054; // of a 95 % interval

  const count = new Intl.NumberFormat("nb-NO", { maximumFractionDigits: 0 });
  const logistic = (x) => 100 / (1 + Math.exp(-x));

  // The share in percent, with the interval of the log odds.
  const predict = (inhabitants) => {
    const x = Math.log(inhabitants / curve.unit);
    const middle = curve.intercept + curve.slope * x;
    const [constant, both, slope] = curve.covariance;
    const margin = Z * Math.sqrt(constant + 2 * both * x + slope * x * x);
    return [middle, middle - margin, middle + margin].map(logistic);
  };

  // "12 000", "12.000" and "12000" are twelve thousand; anything else that is no whole number is refused.
  const read = (text) => {
    const plain = text.trim();
    if (!plain) return [null, "Skriv hvor mange innbyggere kommunen har."];
    if (!/^(\d+|\d{1,3}([ .\u00a0\u202f]\d{3})+)$/.test(plain)) {
      return [null, "Skriv et helt tall, som 12 000 eller 12000."];
    }
    const inhabitants = Number(plain.replace(/\D/g, ""));
    if (inhabitants < least || inhabitants > most) {
      return [null, `Modellen dekker kommuner med ${count.format(least)} til ${count.format(most)} innbyggere. Skriv et tall i det området.`];
    }
    return [inhabitants, ""];
  };

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim());
  const rows = (name) => [...document.querySelectorAll(`#${name} tbody tr`)].map(cells);

  // The parts of the tables that belong to a group of municipalities, as small tables of their own.
  const answers = (group) =>
    ["tab-size-channels", "tab-size-reasons", "tab-size-resources"].map((name) => {
      const table = document.getElementById(name);
      const heads = cells(table.tHead.rows[0]);
      const picked = [0, 1 + group, heads.length - 1];
      const row = (texts, tag) =>
        make("tr", {}, ...picked.map((place, index) =>
          index ? make(tag, tag === "th" ? { scope: "col" } : {}, texts[place])
                : make("th", { scope: tag === "th" ? "col" : "row" }, texts[place])));
      const caption = table.caption.querySelector(".caption-text").textContent.split(", etter folketall")[0];
      return make("table", { class: "numbers table" },
        make("caption", {}, `${caption}.`),
        make("thead", {}, row(heads, "th")),
        make("tbody", {}, ...rows(name).map((texts) => row(texts, "td"))));
    });

  const input = make("input", {
    id: "innbyggere", name: "innbyggere", inputmode: "numeric", autocomplete: "off", required: "",
    "aria-describedby": "innbyggere-hint innbyggere-feil",
  });
  const counties = rows("tab-size-county");
  const county = make("select", { id: "fylke" },
    make("option", { value: "" }, "Velg fylke"),
    ...counties.map(([name]) => make("option", {}, name)));
  const wrong = make("p", { id: "innbyggere-feil", class: "wrong", role: "alert" });
  const summary = make("p", { role: "status" });
  const details = make("div", { class: "size-answers" });
  const form = make("form", { class: "size-form", novalidate: "" },
    make("label", { for: "innbyggere" }, "Hvor mange innbyggere har kommunen?"),
    make("p", { id: "innbyggere-hint", class: "hint" },
      `Skriv et tall fra ${count.format(least)} til ${count.format(most)}, for eksempel 12 000.`),
    input, wrong,
    make("label", { for: "fylke" }, "Fylke (kan stå tomt)"),
    county,
    make("button", {}, "Vis tallene"));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [inhabitants, problem] = read(input.value);
    wrong.textContent = problem;
    input.toggleAttribute("aria-invalid", Boolean(problem));
    if (problem) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
      summary.textContent = "";
      details.replaceChildren();
      return;
    }
    const [share, low, high] = predict(inhabitants).map((value) => count.format(value));
    const interval = low === high ? low : `${low}–${high}`;
    const printed = counties.find(([name]) => name === county.value)?.[1];
    summary.textContent =
      `Av kommuner med ${count.format(inhabitants)} innbyggere venter modellen at ${share} prosent rekrutterer egne ` +
      `frivillige til eldreomsorgen (95\u00a0% intervall ${interval} prosent).` +
      (printed ? ` Blant dem som svarte i ${county.value}, er andelen ${printed} ifølge rapporten.` : "");
    const group = starts.findLastIndex((start) => inhabitants >= start);
    details.replaceChildren(
      make("p", {}, "Tallet gjelder kommuner på denne størrelsen, og er ingen spådom for din. Under står det hva " +
        "kommuner på samme størrelse som rekrutterer selv, svarte. Hva forskjellene fra siste kolonne sier, står over tabellene."),
      ...answers(group));
  });

  const first = document.getElementById("tab-size-share");
  (first.closest(".scroll") ?? first).before(form, summary, details);
}
