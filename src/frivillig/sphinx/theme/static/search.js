// Looks through TEXTS (frivillig.sphinx.search) for all words of the query, in any of their forms.
// A Norwegian stem is the beginning of the word's forms, and stands inside compounds, so the texts need no index.

const FOLDED = { aa: "å", ae: "æ", oe: "ø" }; // as those write who lack the keys
const SHORT = 4; // a stem this short must begin a word, and not go on for long: «år», not «står» or «årsak»
const SHOWN = 160; // characters on each side of the first word found

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function patternOf(word) {
  const stem = new NorwegianStemmer().stemWord(word.replace(/aa|ae|oe/g, (letters) => FOLDED[letters]));
  const letters = stem
    .replace(/mm$/, "mm?") // «sykehjemmene» is «sykehjem»: no word ends in two m
    .replace(/[åæø]/g, (letter) => ({ å: "(?:å|aa)", æ: "(?:æ|ae)", ø: "(?:ø|oe)" })[letter]);
  return stem.length < SHORT
    ? new RegExp(`(?<![\\p{L}\\p{N}])${letters}\\p{L}{0,3}(?![\\p{L}\\p{N}])`, "giu")
    : new RegExp(`[\\p{L}\\p{N}]*${letters}[\\p{L}\\p{N}]*`, "giu");
}

function patternsOf(query) {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !STOP_WORDS.includes(word));
  return (telling.length ? telling : words).map(patternOf);
}

// Every word must be there. Headings weigh more than text, and a text about the word more than a long one with it.
function weigh(patterns, heading, text) {
  let weight = 0;
  for (const pattern of patterns) {
    const above = heading.match(pattern)?.length ?? 0;
    const below = text.match(pattern)?.length ?? 0;
    if (!above && !below) return 0;
    weight += 5 * above + (10 * below) / (5 + below + text.length / 500);
  }
  return weight;
}

function find(query) {
  const patterns = patternsOf(query);
  if (!patterns.length) return [];
  // The chapters of the report come before what stands around them.
  return TEXTS.flatMap(({ address, title, language, chapter, places }) =>
    places.map(([id, heading, text]) => {
      // What is about these words alone, such as their definition, comes before all else.
      const about = heading.toLowerCase() === query.toLowerCase() ? 100 : 1;
      const weight = weigh(patterns, heading, text) * (chapter ? 2 : 1) * about;
      return { address, title, language, id, heading, text, weight };
    }),
  )
    .filter((hit) => hit.weight)
    .sort((one, other) => other.weight - one.weight)
    .map((hit) => ({ ...hit, patterns }));
}

// The piece of text with the first word found, or as much of it as fits, with every word found marked;
// the beginning of the text where the words stand in the heading.
function excerptOf({ text, patterns }) {
  const excerpt = document.createElement("p");
  const all = patterns.flatMap((pattern) => [...text.matchAll(pattern)]).sort((one, other) => one.index - other.index);
  const first = all[0]?.index ?? 0;
  let from = text.lastIndexOf("\n", first) + 1;
  let to = text.indexOf("\n", first);
  if (to < 0) to = text.length;
  const [before, after] = [first - from > SHOWN, to - first > SHOWN];
  if (before) from = text.indexOf(" ", first - SHOWN) + 1;
  if (after) to = text.lastIndexOf(" ", first + SHOWN);
  let at = from;
  for (const { index, 0: word } of all) {
    if (index < at || index + word.length > to) continue;
    const mark = document.createElement("mark");
    mark.textContent = word;
    excerpt.append(text.slice(at, index), mark);
    at = index + word.length;
  }
  excerpt.append(text.slice(at, to));
  if (before) excerpt.prepend("… ");
  if (after) excerpt.append(" …");
  return excerpt;
}

// What makes the browser scroll to the first word found, where it can. It looks from the top of the page, so the
// words around it tell it apart; where they do not stand so on the page, the browser goes to the section.
function directiveOf({ text, patterns }) {
  const at = patterns.map((pattern) => text.search(pattern)).find((place) => place >= 0) ?? -1;
  if (at < 0) return "";
  const before = text.slice(0, at).match(/(?:\S+ ){0,3}\S*$/)[0];
  const after = text.slice(at).match(/^\S+(?: \S+){0,3}/)[0];
  return `:~:text=${encodeURIComponent(before + after).replaceAll("-", "%2D")}`;
}

function itemOf(hit) {
  const item = document.createElement("li");
  if (hit.language) item.lang = hit.language;
  const link = document.createElement("a");
  const root = document.documentElement.dataset.content_root;
  link.href = `${root}${hit.address}#${hit.id}${directiveOf(hit)}`;
  link.textContent = hit.heading;
  item.append(link);
  if (hit.heading !== hit.title) {
    const place = document.createElement("span");
    place.textContent = hit.title;
    item.append(" ", place);
  }
  item.append(excerptOf(hit));
  return item;
}

const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const box = document.getElementById("sok");
if (query) {
  const results = document.getElementById("treff");
  const hits = find(query);
  box.value = query;
  const status = results.querySelector("p");
  status.textContent = (hits.length ? results.dataset.some : results.dataset.none)
    .replace("%d", hits.length)
    .replace("%s", query);
  results.querySelector("ol").append(...hits.map(itemOf));
  document.title = `${query} – ${document.title}`;
} else {
  box.focus(); // who comes without words comes to write them
}
