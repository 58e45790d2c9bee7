"use strict";
// Charts of the page: origins by year, stock by month. Colours that stay apart for the colour-blind (Okabe and Ito).

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
    return { type: "scatter", mode: "lines", name: written(`${form}, ${name}`), x: own.map((row) => row.until),
      y: own.map((row) => row.t), line: { color: COLOURS[number], dash, width: name === "now" ? 2.5 : 1.5 },
      showlegend: name === "now" };
  }));
  Plotly.react("stock-chart", lines, layoutOf({ yaxis: { title: { text: "t" }, rangemode: "tozero" }, showlegend: true }), PLAIN);
}
