"use strict";
// The sections of all pages are read when search is first asked for: a page of its own needs none of them.
const box = document.getElementById("search");
const found = document.getElementById("found");
const menu = document.getElementById("menu");
const MOST = 30;

function read() {
  if (document.getElementById("sections")) return;
  const script = document.createElement("script");
  script.id = "sections";
  script.src = "sections.js";
  script.onload = show;
  document.head.append(script);
}

function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren();
  if (!words.length || typeof SECTIONS === "undefined") return;
  const hits = [];
  for (const [page, title, anchor, heading, text] of SECTIONS) {
    const head = heading.toLowerCase();
    const all = `${head} ${title.toLowerCase()} ${text.toLowerCase()}`;
    if (words.every((word) => all.includes(word)))
      hits.push([words.every((word) => head.includes(word)) ? 0 : 1, page, title, anchor, heading]);
  }
  hits.sort((one, other) => one[0] - other[0]);
  for (const [, page, title, anchor, heading] of hits.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = `${page}.html#${anchor}`;
    link.textContent = heading;
    const where = document.createElement("small");
    where.textContent = title;
    const item = document.createElement("li");
    item.append(link, where);
    found.append(item);
  }
  if (hits.length !== Math.min(hits.length, MOST) || !hits.length) {
    const more = document.createElement("li");
    more.textContent = hits.length ? `and ${hits.length - MOST} more` : "nothing found";
    found.append(more);
  }
}

box.addEventListener("focus", read);
box.addEventListener("input", show);
if (matchMedia("(max-width: 800px)").matches) menu.open = false;
