"use strict";
// Charts of the page: origins by year, the way from mine to use, stock by month. Colours that stay apart for the colour-blind (Okabe and Ito).

const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000", "#F0E442"];
const PLAIN = { displayModeBar: false, responsive: true };

function written(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function layoutOf(more) {
  return {
    margin: { l: 55, r: 10, t: 10, b: 30 }, font: { family: getComputedStyle(document.body).fontFamily },
    legend: { orientation: "h" }, paper_bgcolor: "#fff", plot_bgcolor: "#fff", ...more,
  };
}

function summed(rows, name) {
  const found = new Map();
  for (const row of rows) found.set(row[name], (found.get(row[name]) ?? 0) + row.t);
  return found;
}

// The countries that bring most in base or plan, and the most of any year, so that both charts can be compared.
function countriesOf(base, now) {
  const sums = [...summed([...base, ...now], "country")].sort((one, two) => two[1] - one[1]);
  return sums.map(([country]) => country).slice(0, COLOURS.length - 1);
}

function drawOrigins(place, rows, countries, most) {
  const years = [...new Set(rows.map((row) => row.year))].sort();
  const named = [...countries, "others"];
  const bars = named.map((country, number) => {
    const own = rows.filter((row) => (countries.includes(row.country) ? row.country : "others") === country);
    const sums = summed(own, "year");
    return { type: "bar", name: written(country), x: years, y: years.map((year) => sums.get(year) ?? 0),
      marker: { color: COLOURS[number] } };
  });
  const shown = bars.filter((bar) => bar.y.some((t) => t > 0));
  Plotly.react(place, shown, layoutOf({ barmode: "stack", showlegend: true,
    yaxis: { title: { text: "t/year" }, range: [0, most * 1.05] } }), PLAIN);
}

function drawBothOrigins(base, now) {
  const countries = countriesOf(base, now);
  const most = Math.max(1, ...summed(base, "year").values(), ...summed(now, "year").values());
  drawOrigins("origins-base", base, countries, most);
  drawOrigins("origins-now", now, countries, most);
}

function peaks(rows) {
  const found = new Map();
  for (const row of rows) if (row.t > (found.get(row.commodity)?.t ?? -1)) found.set(row.commodity, row);
  return found;
}

function drawStock(base, now) {
  const highest = peaks([...base, ...now]);
  const forms = [...highest.keys()].sort((one, two) => highest.get(two).t - highest.get(one).t).slice(0, 6);
  const lines = forms.flatMap((form, number) => [["base", base, "dash"], ["now", now, "solid"]].map(([name, rows, dash]) => {
    const own = rows.filter((row) => row.commodity === form);
    return { type: "scatter", mode: "lines", name: written(`${highest.get(form).name}, ${name}`), x: own.map((row) => row.until),
      y: own.map((row) => row.t), line: { color: COLOURS[number], dash, width: name === "now" ? 2.5 : 1.5 },
      showlegend: name === "now" };
  }));
  Plotly.react("stock-chart", lines, layoutOf({ yaxis: { title: { text: "t" }, rangemode: "tozero" }, showlegend: true }), PLAIN);
}

// The years of a diagram, and the tonnes of its links in each: what the report has in a menu that no key reaches.
function yearsOf(way) {
  return way.layout.updatemenus[0].buttons.map((button) => ({ name: button.label, t: button.args[0]["link.value"][0] }));
}

function drawWay(place, way, year) {
  const [trace] = way.data;
  const value = (yearsOf(way).find(({ name }) => name === year) ?? yearsOf(way)[0]).t;
  const { updatemenus, height, ...layout } = way.layout;
  document.getElementById(place).style.height = `${height}px`; // not in the layout: a resized chart takes its place's
  Plotly.react(place, [{ ...trace, link: { ...trace.link, value } }], layoutOf({ ...layout, margin: { t: 10, b: 10, l: 10, r: 10 } }), PLAIN);
}

// A name of a diagram as text: its lines are put together, and what plotly would take for markup is as it was.
function named(label) {
  return new DOMParser().parseFromString(label.replaceAll("<br>", " "), "text/html").body.textContent;
}

// Tonnes of each link in a year, by start, end and class as the diagram names them.
function linksOf(way, year) {
  const found = new Map();
  if (!way) return found;
  const [{ node, link }] = way.data;
  const { t } = yearsOf(way).find(({ name }) => name === year) ?? yearsOf(way)[0];
  t.forEach((tonnes, number) => {
    const ends = [node.label[link.source[number]], node.label[link.target[number]]];
    found.set(JSON.stringify([...ends.map(named), link.label[number]]), tonnes);
  });
  return found;
}
