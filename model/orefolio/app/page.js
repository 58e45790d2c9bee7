"use strict";
// The page: levers, the link that holds them, questions to the server, answers beside the base.

const KINDS = ["fixed", "replanned"];
const NAMES = ["what", "future"];
const PAUSE = 80; // milliseconds that a slider rests before it is asked about
const me = crypto.randomUUID();
const by = (id) => document.getElementById(id);
const controls = new Map();
let data;
let values = {};
let answers = {};
let number = 0;
let pause = 0;

function element(tag, words = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = words;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const millions = (musd) => musd.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const money = (musd) => `${millions(musd)} M$`;
const signed = (musd) => (musd < 0 ? "−" : "+") + money(Math.abs(musd));
const tonnes = (t) => t.toLocaleString("en", { maximumFractionDigits: Math.abs(t) < 10 ? 2 : 0 });
const plain = (value) => String(Number(value.toPrecision(6)));

async function sent(path, content) {
  const options = content && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  return (await fetch(path, options)).json();
}

function showLever(row) {
  const box = element("div", "", { class: "lever" });
  const turn = element("div", "", { class: "turn" });
  const unit = row.unit === "1" ? "" : row.unit;
  const slider = element("input", "", { type: "range", id: `lever-${row.lever}`, min: 0, max: row.marks.length - 1, step: 1 });
  const step = row.switch ? "1" : "any";
  const exact = element("input", "", { type: "number", min: row.low, max: row.high, step, "aria-label": `${row.name}, exact` });
  slider.setAttribute("aria-describedby", `about-${row.lever}`);
  slider.addEventListener("input", () => take(row, row.marks[Number(slider.value)]));
  slider.addEventListener("focus", () => sent("near", { lever: row.lever }));
  exact.addEventListener("change", () => take(row, exact.value === "" ? row.start : Number(exact.value)));
  turn.append(slider, exact);
  const range = row.switch ? `base ${plain(row.start)}; 1 is yes, 0 is no`
    : `base ${plain(row.start)}, from ${plain(row.low)} to ${plain(row.high)} ${unit}`;
  box.append(element("label", row.name, { for: slider.id }), turn, element("p", range, { class: "hint", id: `about-${row.lever}` }));
  box.append(element("p", `source: ${row.source}`, { class: "hint" }));
  by(row.main ? "main-levers" : "more-levers").append(box);
  controls.set(row.lever, { row, box, slider, exact });
}

// The place of the mark that is nearest to a value: the slider rests on marks, the box beside it takes any number.
function nearest(marks, value) {
  return marks.reduce((best, mark, place) => (Math.abs(mark - value) < Math.abs(marks[best] - value) ? place : best), 0);
}

function take(row, value) {
  const known = Number.isFinite(value) ? Math.min(Math.max(value, row.low), row.high) : row.start;
  if (known === row.start) delete values[row.lever];
  else values[row.lever] = known;
  stand();
  history.replaceState(null, "", link());
  renew();
}

function stand() {
  for (const { row, box, slider, exact } of controls.values()) {
    const value = values[row.lever] ?? row.start;
    slider.value = nearest(row.marks, value);
    exact.value = plain(value);
    slider.setAttribute("aria-valuetext", `${plain(value)} ${row.unit === "1" || row.switch ? "" : row.unit}`.trim());
    box.classList.toggle("turned", row.lever in values);
  }
}

function link() {
  const turned = new URLSearchParams(Object.entries(values).map(([lever, value]) => [lever, String(value)]));
  return location.pathname + (turned.size ? `#${turned}` : "");
}

function fromLink() {
  values = {};
  for (const [lever, text] of new URLSearchParams(location.hash.slice(1))) {
    const row = controls.get(lever)?.row;
    const value = Number(text);
    if (row && text !== "" && value >= row.low && value <= row.high && value !== row.start) values[lever] = value;
    if (row && lever in values && !row.main) by("more").open = true;
  }
  stand();
  renew();
}

function renew() {
  number += 1;
  answers = {};
  for (const kind of KINDS) by(kind).classList.add("waiting");
  by("plan").classList.add("waiting");
  clearTimeout(pause);
  pause = setTimeout(() => ask(number), PAUSE);
}

async function ask(asked) {
  const question = { page: me, number: asked, levers: values };
  tell(asked);
  await Promise.all(KINDS.map(async (kind) => {
    const answer = await sent(kind, question).catch(() => ({ status: "gone", words: "The server has ended." }));
    if (asked !== number || answer.status === "superseded") return;
    answers[kind] = answer;
    show(kind);
  }));
}

async function tell(asked) {
  if (asked !== number || answers.replanned) return;
  const { doing } = await sent("doing").catch(() => ({ doing: "" }));
  if (asked !== number || answers.replanned) return;
  const several = Object.keys(values).length > 1 ? " Several levers are turned: each answer takes some seconds." : "";
  say(`Working${doing ? `: ${doing}` : ""}.${several}`);
  setTimeout(() => tell(asked), 700);
}

// Said once: a screen reader would read it again.
function say(words) {
  if (by("said").textContent !== words) by("said").textContent = words;
}

function card(id, answer) {
  const place = by(id);
  const put = (name, words) => { place.querySelector(`.${name}`).textContent = words; };
  place.classList.remove("waiting");
  if (id === "fixed") put("note", leftOut(answer));
  if (answer.words) {
    put("cost", "no plan");
    put("change", answer.words);
    put("gap", "");
    return;
  }
  put("cost", money(answer.cost_musd));
  put("change", id === "base" ? "" : `${signed(answer.cost_musd - data.base.cost_musd)} against the base`);
  put("gap", gap(id, answer));
}

function leftOut(answer) {
  if (answer.left_out === undefined) return "";
  const none = answer.left_out === 0 ? "" : ` ${answer.left_out} of the base have no place and are left out.`;
  return `There are other decisions to take at these values: each is as its counterpart in the base.${none}`;
}

function gap(id, answer) {
  if (id === "fixed") {
    const bound = answers.replanned?.bound_musd;
    return bound == null ? "gap: known once it is planned anew" : `gap: at most ${money(Math.max(0, answer.cost_musd - bound))} above the best plan`;
  }
  const share = answer.gap_share === null ? "" : ` (${(100 * answer.gap_share).toFixed(2)} %)`;
  return answer.gap_musd === null ? "gap: not known" : `gap: at most ${money(answer.gap_musd)}${share}`;
}

function show(kind) {
  card(kind, answers[kind]);
  if (kind === "replanned" && answers.fixed) card("fixed", answers.fixed);
  if (kind === chosen()) showPlan();
  const { fixed, replanned } = answers;
  const words = (answer) => answer.words ?? `${money(answer.cost_musd)}, ${signed(answer.cost_musd - data.base.cost_musd)} against the base`;
  if (replanned) say(`Planned anew: ${words(replanned)}${replanned.words ? "" : `, ${gap("replanned", replanned)}`}.`);
  else if (fixed) say(`Same decisions: ${words(fixed)}. Planning anew …`);
}

const chosen = () => document.querySelector("input[name=shown]:checked").value;

function showPlan() {
  const answer = answers[chosen()];
  if (!answer) return;
  by("plan").classList.toggle("waiting", Boolean(answer.words));
  if (answer.words) return;
  showDecisions(answer);
  showFutures(answer);
  drawBothOrigins(data.base.origins, answer.origins);
  showWays(answer);
  by("held").hidden = data.base.stock.length + answer.stock.length === 0;
  if (!by("held").hidden) drawStock(data.base.stock, answer.stock);
  showOrigins(answer);
  showStock(answer);
}

// A table. columns: heading to the words of a row; those in `figures` are numbers, set to the right.
function table(id, rows, columns, figures = []) {
  const head = element("tr");
  for (const name of Object.keys(columns)) {
    head.append(element("th", name, { scope: "col", class: figures.includes(name) ? "number" : "" }));
  }
  const lines = rows.map((row) => {
    const line = element("tr");
    for (const [name, words] of Object.entries(columns)) {
      line.append(element("td", words(row), { class: figures.includes(name) ? "number" : name === "date" ? "date" : NAMES.includes(name) ? "name" : "" }));
    }
    return line;
  });
  by(id).hidden = rows.length === 0;
  const body = element("tbody");
  body.append(...lines);
  const top = element("thead");
  top.append(head);
  by(id).replaceChildren(top, body);
}

// Futures by name instead of by id: at most two, and how many more.
function branch(words) {
  const names = new Map(data.base.futures.map((row) => [row.future, row.name]));
  const ids = words.split(" ");
  if (!ids.every((id) => names.has(id))) return words;
  const shown = ids.slice(0, 2).map((id) => names.get(id)).join("; ");
  return ids.length > 2 ? `${shown} and ${ids.length - 2} more` : shown;
}

function showDecisions(answer) {
  const size = (row) => (row.kind === "programme" ? `level ${row.size}` : `${tonnes(row.size)} ${row.unit}`);
  const columns = { date: (row) => row.date, kind: (row) => row.kind, what: (row) => row.name, size, in: (row) => branch(row.branch) };
  const changed = answer.decisions.filter((row) => row.change !== "as before");
  const kept = answer.decisions.filter((row) => row.change === "as before");
  by("decisions-said").textContent = changed.length
    ? `${changed.length} of ${answer.decisions.length} decisions differ from the base.`
    : `All ${kept.length} decisions are those of the base.`;
  table("decisions", changed, { ...columns, "against the base": (row) => row.change });
  table("kept", kept, columns);
}

function showFutures(answer) {
  const base = new Map(data.base.futures.map((row) => [row.future, row]));
  table("futures", answer.futures, {
    future: (row) => row.name,
    probability: (row) => (row.future === "expected" ? "" : `${(100 * row.probability).toFixed(1)} %`),
    "cost, M$": (row) => millions(row.cost_musd),
    "base cost": (row) => millions(base.get(row.future)?.cost_musd ?? 0),
    "short, t": (row) => tonnes(row.short_t),
    "base short": (row) => tonnes(base.get(row.future)?.short_t ?? 0),
    "released, t": (row) => tonnes(row.released_t),
  }, ["probability", "cost, M$", "base cost", "short, t", "base short", "released, t"]);
}

function showWays(answer) {
  const ways = [["way-base", data.base.way], ["way-now", answer.way]].filter(([, way]) => way);
  by("way").hidden = ways.length < 2;
  if (by("way").hidden) return;
  const year = by("way-year").value;
  for (const [place, way] of ways) drawWay(place, way, year);
  const [base, now] = ways.map(([, way]) => linksOf(way, year));
  const plainly = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const links = [...new Set([...base.keys(), ...now.keys()])].filter((link) => (base.get(link) ?? 0) + (now.get(link) ?? 0) > 0.05);
  const part = (number) => (link) => plainly(JSON.parse(link)[number]);
  table("way-table", links, {
    from: part(0), to: part(1), class: part(2),
    "base, t/year": (link) => tonnes(base.get(link) ?? 0), "now, t/year": (link) => tonnes(now.get(link) ?? 0),
  }, ["base, t/year", "now, t/year"]);
}

function showYears() {
  if (!data.base.way) return;
  by("way-told").textContent = data.base.way.told;
  by("way-year").append(...yearsOf(data.base.way).map(({ name }) => element("option", name, { value: name })));
  by("way-year").addEventListener("change", showPlan);
}

function showOrigins(answer) {
  const [base, now] = [data.base.origins, answer.origins].map((rows) => summed(rows, "country"));
  const countries = [...new Set([...base.keys(), ...now.keys()])].sort((one, two) => (now.get(two) ?? 0) - (now.get(one) ?? 0));
  table("origins", countries, {
    origin: (country) => country,
    "base, t": (country) => tonnes(base.get(country) ?? 0),
    "now, t": (country) => tonnes(now.get(country) ?? 0),
  }, ["base, t", "now, t"]);
}

function showStock(answer) {
  const [base, now] = [data.base.stock, answer.stock].map(peaks);
  const names = new Map([...data.base.stock, ...answer.stock].map((row) => [row.commodity, row.name]));
  const peak = (found, form) => (found.has(form) ? `${tonnes(found.get(form).t)} (${found.get(form).until})` : "0");
  table("stock", [...new Set([...base.keys(), ...now.keys()])], {
    form: (form) => names.get(form), "base, t": (form) => peak(base, form), "now, t": (form) => peak(now, form),
  }, ["base, t", "now, t"]);
}

async function open() {
  data = await sent("case");
  document.title = `What if: ${data.title}`;
  by("title").textContent = data.title;
  by("about").textContent = `What if: turn a lever. Grid ${data.grid}; cost is expected and discounted, in million USD (M$).`;
  data.levers.forEach(showLever);
  by("more").hidden = data.levers.every((row) => row.main);
  card("base", data.base);
  showYears();
  by("all-back").addEventListener("click", () => { history.replaceState(null, "", location.pathname); fromLink(); });
  for (const radio of document.querySelectorAll("input[name=shown]")) radio.addEventListener("change", showPlan);
  addEventListener("hashchange", fromLink);
  fromLink();
}

open();
