// The left side: the text with its figures, the pictures of pages with their boxes, and what is lit in both.

const card = document.getElementById("card");
const text = document.getElementById("text");
const sheet = document.getElementById("sheet");
const view = document.getElementById("page");
const picture = document.getElementById("picture");
const boxes = document.getElementById("boxes");
const figures = JSON.parse(card.dataset.figures);
const spans = JSON.parse(card.dataset.spans);
const WIDTHS = [900, 1400, 2200]; // of the pictures that the server draws
const ZOOMS = [1, 1.4, 2, 2.8];
const places = new Map(); // where a quantity stands, as far as fields and boxes have said

let colours = {}; // of figures that look different with the draft
let lit = null;
let zoom = 0;
let page = 0;
let drawn = 0; // the page whose picture is shown
let sharper = ""; // the picture that is meant to be shown in the end

export const base = `/tasks/${card.dataset.task}`;

export function onPicture(quantity, wanted) {
  places.set(quantity, wanted);
}

// --- text

function nodeAt(offset) {
  const parts = text.querySelectorAll("span[data-at]");
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number(parts[middle].dataset.at) <= offset) low = middle;
    else high = middle - 1;
  }
  const part = parts[low];
  if (!part) return null;
  // offsets count characters, JavaScript counts halves of the rare ones beyond 16 bits
  const inside = [...part.textContent].slice(0, offset - Number(part.dataset.at)).join("").length;
  return inside >= 0 && inside <= part.textContent.length ? [part.firstChild, inside] : null;
}

function rangeOf([start, end]) {
  const from = nodeAt(start);
  const to = nodeAt(end);
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(...from);
  range.setEnd(...to);
  return range;
}

function highlight(name, wanted) {
  if (!globalThis.Highlight) return;
  const ranges = wanted.map(rangeOf).filter(Boolean);
  CSS.highlights.set(name, new Highlight(...ranges));
}

export async function unfold(button) {
  const { start, end } = button.dataset;
  const answer = await fetch(`${base}/text?start=${start}&end=${end}`);
  if (!answer.ok) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text(); // our own template: everything in it is escaped
  const last = holder.content.lastElementChild;
  const reached = last ? Number(last.dataset.at) + [...last.textContent].length : Number(end);
  if (reached < Number(end)) {
    const rest = button.cloneNode(true);
    rest.dataset.start = reached;
    holder.content.append(rest);
  }
  button.replaceWith(holder.content);
  paint();
  highlight("evidence", spans);
}

async function inText(offset) {
  for (const fold of text.querySelectorAll(".fold")) {
    if (Number(fold.dataset.start) <= offset && offset < Number(fold.dataset.end)) await unfold(fold);
  }
}

// --- colours of a draft

export function recolour(changed) {
  for (const element of document.querySelectorAll(".source [data-q][data-saved]")) {
    element.className = element.dataset.saved;
    delete element.dataset.saved;
  }
  colours = changed;
  paint();
}

function paint() {
  const names = ["proven", "consistent", "unchecked", "contradicted", "table", "context", "unclaimed", "field"];
  for (const [quantity, colour] of Object.entries(colours)) {
    for (const element of shown(quantity)) {
      element.dataset.saved ??= element.className;
      element.classList.remove(...names);
      element.classList.add(colour, "changed");
    }
  }
}

function shown(quantity) {
  return document.querySelectorAll(`.source [data-q="${CSS.escape(quantity)}"]`);
}

// --- what is lit

export async function light({ quantity, place, onPage, scroll = true }) {
  dark();
  lit = quantity ?? null;
  if (place) {
    await inText(place[0]);
    highlight("place", [place]);
  }
  if (quantity && !place && !shown(quantity).length && places.has(quantity)) await inText(places.get(quantity)[0]);
  if (quantity) shown(quantity).forEach((element) => element.classList.add("lit"));
  if (!scroll) return;
  if (view.hidden) {
    const target = (quantity && text.querySelector(`[data-q="${CSS.escape(quantity)}"]`)) || (place && nodeAt(place[0])?.[0].parentElement);
    target?.scrollIntoView({ block: "center", behavior: "instant" });
  } else if (onPage) {
    await show(onPage);
    scrollToLit();
  }
}

export function dark() {
  document.querySelectorAll(".source .lit").forEach((element) => element.classList.remove("lit"));
  if (globalThis.Highlight) CSS.highlights.delete("place");
}

function scrollToLit() {
  const box = boxes.querySelector(".lit") ?? boxes.querySelector(".meant");
  box?.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
}

// --- choosing a figure by keyboard

let cursor = null;

export function move(step, wanted) {
  const all = [...(view.hidden ? text : boxes).querySelectorAll("[data-q]")];
  if (!all.length) return null;
  let at = all.indexOf(cursor);
  if (at < 0) {
    const from = all.findIndex((each) => each.dataset.q === (lit ?? wanted ?? figures[0]));
    at = from >= 0 ? from : step > 0 ? -1 : 0;
  }
  cursor?.classList.remove("cursor");
  cursor = all[(at + step + all.length) % all.length];
  cursor.classList.add("cursor");
  cursor.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  return cursor.dataset.q;
}

export function chosen() {
  return cursor?.isConnected ? cursor.dataset.q : null;
}

export function forget() {
  cursor?.classList.remove("cursor");
  cursor = null;
}

// --- pages

export async function show(number) {
  const last = Number(card.dataset.lastPage) || number;
  const wanted = Math.min(Math.max(1, number), last);
  if (wanted === page) return;
  page = wanted;
  document.getElementById("page-number").textContent = `${page} / ${last}`;
  document.querySelectorAll(".pages .chip").forEach((chip) => chip.toggleAttribute("aria-current", Number(chip.dataset.page) === page));
  draw();
  const answer = await fetch(`${base}/pages/${page}`);
  if (!answer.ok) {
    await swap(false); // the file is gone: its text is still here
    document.getElementById("switch").hidden = true;
    return;
  }
  const { width, height, boxes: found } = await answer.json();
  if (wanted !== page) return;
  boxes.replaceChildren(...found.map((each) => box(each, width, height)));
  paint();
  if (lit) shown(lit).forEach((element) => element.classList.add("lit"));
  scrollToLit();
}

function box({ quantity, raw, colour, box: [left, top, right, bottom] }, width, height) {
  const element = document.createElement("span");
  element.className = `box ${colour}${figures.includes(quantity) ? " meant" : ""}`;
  element.dataset.q = quantity;
  element.title = raw;
  element.style.left = `${(left / width) * 100}%`;
  element.style.top = `${(top / height) * 100}%`;
  element.style.width = `${((right - left) / width) * 100}%`;
  element.style.height = `${((bottom - top) / height) * 100}%`;
  return element;
}

// The narrowest picture is there first (the page asks for it before this script runs); a wider one takes its place.
function draw() {
  const pixels = view.clientWidth * ZOOMS[zoom] * (devicePixelRatio || 1);
  const width = WIDTHS.find((each) => each >= pixels) ?? WIDTHS.at(-1);
  const address = (wanted) => `${base}/pages/${page}/picture?width=${wanted}`;
  const better = new Image();
  if (drawn !== page) picture.src = address(WIDTHS[0]);
  drawn = page;
  sharper = address(width);
  if (width > WIDTHS[0]) {
    better.onload = () => better.getAttribute("src") === sharper && (picture.src = sharper);
    better.src = sharper;
  }
  sheet.style.width = `${ZOOMS[zoom] * 100}%`;
}

export function turn(step) {
  return show(page + step);
}

export function magnify(step) {
  zoom = Math.min(ZOOMS.length - 1, Math.max(0, zoom + step));
  draw();
  scrollToLit();
}

export async function swap(toPicture = view.hidden) {
  view.hidden = !toPicture;
  text.hidden = toPicture;
  const button = document.getElementById("switch");
  button.firstElementChild.textContent = toPicture ? button.dataset.text : button.dataset.picture;
  forget();
  if (toPicture) await show(page || Number(card.dataset.pages.split(",")[0]) || 1);
  else scrollToText();
}

function scrollToText() {
  const target = text.querySelector(".lit") ?? text.querySelector(".meant");
  target?.scrollIntoView({ block: "center", behavior: "instant" });
}

export async function begin() {
  highlight("evidence", spans);
  if (card.dataset.pdf) {
    await swap(true);
  } else {
    scrollToText();
  }
}
