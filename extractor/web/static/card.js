// The card of a task: decisions, fields, corrections and keys. The source on the left is in source.js.

import * as source from "./source.js";

const card = document.getElementById("card");
const panel = document.getElementById("panel");
const save = document.getElementById("save");
const said = document.getElementById("said");
const { base } = source;
const pending = save !== null;
const LAST = "gouji-last"; // the last task that this browser settled

let field = null; // the field that a click on a figure fills
let edits = Number(card.dataset.edits);
let leased = false;
let lost = ""; // why the task is no longer the person's: said until it is theirs again
let leaving = false;
let waiting = Promise.resolve(); // requests that change something follow upon each other

// --- requests

function ask(path, body, options = {}) {
  const key = document.querySelector("meta[name=form-key]").content;
  const headers = { "Content-Type": "application/json", "X-Form-Key": key };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body ?? {}), ...options });
}

async function problem(answer) {
  if (answer.redirected) return location.reload(); // logged out meanwhile
  const { detail } = await answer.json().catch(() => ({ detail: `${answer.status}` }));
  tell(detail, true);
}

function tell(words, wrong = false) {
  said.textContent = words || lost;
  said.hidden = !said.textContent;
  said.classList.toggle("wrong", wrong || Boolean(lost));
}

function inTurn(work) {
  waiting = waiting.then(work).catch(() => tell(card.dataset.offline, true));
  return waiting;
}

// --- the draft

let newest = 0;

async function check(step, wanted) {
  const number = ++newest;
  panel.setAttribute("aria-busy", "true");
  const answer = await ask(`${base}/draft`, { step, edits: wanted });
  panel.removeAttribute("aria-busy");
  if (!answer.ok) return problem(answer);
  const html = await answer.text();
  if (number === newest) render(html); // a later step has been answered already
}

function draft(step, wanted = []) {
  return inTurn(() => check(step, wanted));
}

function render(html) {
  tell("");
  const focused = field && [field.closest("[data-record]").dataset.record, field.dataset.path];
  const opened = [...panel.querySelectorAll(".more[open]")].map((each) => each.closest("[data-record]").dataset.record);
  const typing = document.activeElement?.closest("#panel");
  panel.innerHTML = html; // our own template: everything in it is escaped
  const live = document.getElementById("live");
  edits = Number(live.dataset.edits);
  card.dataset.basis = live.dataset.basis;
  source.recolour(JSON.parse(live.dataset.colours));
  if (save) save.disabled = edits === 0 || Boolean(lost);
  for (const name of opened) {
    const details = panel.querySelector(`[data-record="${CSS.escape(name)}"] .more`);
    if (details) details.open = true;
  }
  field = null;
  if (focused) choose(find(...focused), Boolean(typing));
}

function find(record, path) {
  return panel.querySelector(`[data-record="${CSS.escape(record)}"] .field[data-path="${CSS.escape(path)}"]`);
}

function put(wanted, value) {
  const record = wanted.closest("[data-record]").dataset.record;
  return draft("stay", [{ op: "put", record, path: wanted.dataset.path, value: value || null }]);
}

// --- fields

function choose(wanted, focus = true) {
  if (!wanted || !pending) return;
  field?.classList.remove("chosen");
  field = wanted;
  field.classList.add("chosen");
  const details = field.closest("details");
  if (details) details.open = true;
  if (focus) field.querySelector(".value").focus({ preventScroll: false });
  field.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function lightField(wanted, scroll = true) {
  const place = wanted.dataset.place?.split(",").map(Number);
  const page = Number(wanted.dataset.page) || undefined;
  return source.light({ quantity: wanted.dataset.q, place, onPage: page, scroll });
}

function assign(quantity) {
  if (report.open) return aim(quantity);
  if (!pending) return;
  const holder = [...panel.querySelectorAll(".field[data-q]")].find((each) => each.dataset.q === quantity);
  if (field && !["text", "enum"].includes(field.dataset.kind)) {
    if (field.dataset.q !== quantity) put(field, quantity);
  } else if (holder) {
    choose(holder);
    lightField(holder, false);
  } else {
    tell(card.dataset.pick);
  }
}

// while something else is reported, a figure that is chosen goes there and into no field
const report = document.getElementById("report-more");
const figureHint = document.getElementById("report-figure").textContent;

function aim(quantity) {
  document.getElementById("report").elements.quantity.value = quantity;
  const figure = document.querySelector(`.source [data-q="${CSS.escape(quantity)}"]`);
  document.getElementById("report-figure").textContent = figure?.title || figure?.textContent || quantity;
  source.light({ quantity, scroll: false });
}

function nextDoubtful() {
  const all = [...panel.querySelectorAll(".field[data-q]")];
  const suspects = [...document.querySelectorAll(".suspect")].flatMap((each) => all.filter((one) => one.dataset.q === each.dataset.q));
  const others = all.filter((each) => each.closest(".record").matches(".contradicted, .unchecked"));
  const doubtful = [...new Set([...suspects, ...others])];
  const list = doubtful.length ? doubtful : all;
  if (!list.length) return;
  const at = list.indexOf(field);
  choose(list[(at + 1) % list.length]);
  lightField(field);
}

// --- decisions

async function decide(action, more = {}) {
  if (lost) return tell("");
  if (action === "correct" && !edits) return tell(card.dataset.nothing, true);
  const { version, basis, tail, task } = card.dataset;
  const suggested = action === "document" ? document.getElementById("suggested")?.value.trim() || null : null;
  await inTurn(async () => {
    const body = { action, version: Number(version), basis: Number(basis), suggested, ...more };
    const answer = await ask(`${base}/verdict${tail}`, body);
    if (!answer.ok) return problem(answer);
    const result = await answer.json();
    if (action !== "undo" && action !== "reopen") sessionStorage.setItem(LAST, JSON.stringify([task, result.version]));
    leaving = true;
    location.assign(result.next);
  });
}

function undoLast() {
  const last = JSON.parse(sessionStorage.getItem(LAST) ?? "null");
  if (!last) return;
  inTurn(async () => {
    const answer = await ask(`/tasks/${last[0]}/verdict${card.dataset.tail}`, { action: "undo", version: last[1] });
    if (!answer.ok) return problem(answer);
    sessionStorage.removeItem(LAST);
    await ask(`${base}/release`);
    leaving = true;
    location.assign((await answer.json()).next);
  });
}

async function next() {
  leaving = true;
  await ask(`${base}/release`);
  document.getElementById("go-next").requestSubmit();
}

// --- the lease

async function beat() {
  const answer = await ask(`${base}/lease`).catch(() => null);
  if (!answer) return;
  leased = answer.ok;
  const before = lost;
  lost = leased ? "" : card.dataset.lost + ((await answer.json().catch(() => null))?.detail ?? "");
  if (lost !== before) tell("");
  for (const button of document.querySelectorAll(".verdicts [data-verdict]")) {
    button.disabled = !leased || (button === save && edits === 0);
  }
}

addEventListener("pagehide", () => {
  if (leased && !leaving) ask(`${base}/release`, {}, { keepalive: true });
});

// --- what can be clicked

const acts = {
  "previous-page": () => source.turn(-1),
  "next-page": () => source.turn(1),
  "zoom-in": () => source.magnify(1),
  "zoom-out": () => source.magnify(-1),
  switch: () => card.dataset.pdf && source.swap(),
  undo: () => (pending ? draft("undo") : decide("undo")),
  redo: () => pending && draft("redo"),
  next,
  skip: () => {
    if (!pending) return;
    const form = document.getElementById("skip");
    form.hidden = false;
    form.elements.note.focus();
  },
};

const recordActs = {
  delete: (record) => ({ op: "delete", record }),
  retype: (record, control) => control.value && { op: "retype", record, type: control.value },
  merge: (record, control) => control.value && { op: "merge", record, into: control.value },
  split: (record, control) => {
    const ticked = control.closest("[data-record]").querySelectorAll(".tick:checked");
    const paths = [...ticked].map((each) => each.closest(".field").dataset.path);
    return paths.length && { op: "split", record, paths };
  },
};

function act(control) {
  const record = control.closest("[data-record]").dataset.record;
  const edit = recordActs[control.dataset.action](record, control);
  if (edit) draft("stay", [edit]);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-do], [data-verdict], [data-edits][type=button], .fold, .chip, [data-action], [data-q]");
  if (!target) return;
  if (target.dataset.do) acts[target.dataset.do]();
  else if (target.dataset.verdict) decide(target.dataset.verdict);
  else if (target.dataset.edits) draft("stay", JSON.parse(target.dataset.edits));
  else if (target.classList.contains("fold")) source.unfold(target);
  else if (target.classList.contains("chip")) source.show(Number(target.dataset.page));
  else if (target.dataset.action && target.tagName === "BUTTON") act(target);
  else if (target.closest(".source")) assign(target.dataset.q);
  else if (target.closest(".suspect, .term")) point(target.dataset.q);
});

function point(quantity) {
  const holder = [...panel.querySelectorAll(".field[data-q]")].find((each) => each.dataset.q === quantity);
  if (holder) {
    choose(holder, false);
    lightField(holder);
  } else {
    source.light({ quantity });
  }
}

panel.addEventListener("change", (event) => {
  const control = event.target;
  if (control.dataset.action) act(control);
  else if (control.matches(".value") && control.value !== control.dataset.was) put(control.closest(".field"), control.value.trim());
});

panel.addEventListener("focusin", (event) => {
  const wanted = event.target.closest(".field");
  if (!wanted || wanted === field) return;
  choose(wanted, false);
  lightField(wanted);
});

panel.addEventListener("pointerover", (event) => {
  const wanted = event.target.closest(".field[data-q], .field[data-place], .term[data-q]");
  if (wanted) lightField(wanted, event.target.closest(".field") !== field);
});

panel.addEventListener("toggle", (event) => {
  const select = event.target.querySelector?.("[data-action=merge]");
  if (!select || select.options.length > 1) return;
  const own = select.closest("[data-record]");
  for (const other of panel.querySelectorAll(`[data-record][data-type="${own.dataset.type}"]`)) {
    if (other !== own) select.add(new Option(other.dataset.record, other.dataset.record));
  }
}, true);

// words marked in the source go into the chosen field for words
document.getElementById("text").addEventListener("pointerup", () => {
  const words = getSelection().toString().replace(/\s+/g, "");
  if (words && field?.dataset.kind === "text") put(field, words);
});

function onSubmit(id, work) {
  document.getElementById(id)?.addEventListener("submit", (event) => {
    event.preventDefault();
    work(event.target.elements, event.target);
  });
}

onSubmit("skip", ({ note }) => decide("skip", { note: note.value }));
onSubmit("add", ({ type }) => draft("stay", [{ op: "add", type: type.value }]));
onSubmit("context", ({ kind }) => {
  const quantities = [...document.querySelectorAll(".chips .suspect")].map((each) => each.dataset.q);
  draft("stay", [{ op: "context", quantities, kind: kind.value }]);
});
onSubmit("comment", ({ text }, form) => inTurn(async () => {
  const answer = await ask(`${base}/comments`, { text: text.value });
  if (!answer.ok) return problem(answer);
  document.getElementById("comments").insertAdjacentHTML("beforeend", await answer.text());
  form.reset();
}));

onSubmit("report", ({ reason, quantity }, form) => inTurn(async () => {
  const answer = await ask(`${base}/report`, { reason: reason.value, quantity: quantity.value || null });
  if (!answer.ok) return problem(answer);
  tell("");
  document.getElementById("reported").insertAdjacentHTML("beforeend", await answer.text());
  form.reset();
  quantity.value = "";
  document.getElementById("report-figure").textContent = figureHint;
}));

// --- keys

const keys = {
  a: () => decide("accept"),
  c: () => decide("correct"),
  d: () => decide("document"),
  o: () => !pending && decide("reopen"),
  k: acts.skip,
  n: next,
  z: acts.undo,
  Z: undoLast,
  y: acts.redo,
  p: acts.switch,
  q: () => location.assign(`/${card.dataset.tail}`),
  r: () => {
    report.open = true;
    document.querySelector("#report [name=reason]").focus();
  },
  m: () => document.querySelector("#comment input").focus(),
  "[": acts["previous-page"],
  "]": acts["next-page"],
  "+": acts["zoom-in"],
  "=": acts["zoom-in"],
  "-": acts["zoom-out"],
  Enter: nextDoubtful,
  ArrowRight: () => source.move(1, field?.dataset.q),
  ArrowLeft: () => source.move(-1, field?.dataset.q),
  " ": () => source.chosen() && assign(source.chosen()),
  Backspace: () => field?.dataset.q && put(field, null),
  Delete: () => field?.dataset.q && put(field, null),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !typing && ["z", "y"].includes(event.key)) {
    acts[event.key === "z" ? "undo" : "redo"]();
    return event.preventDefault();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    document.activeElement.blur();
    document.getElementById("skip").hidden = true;
    field?.classList.remove("chosen");
    field = null;
    source.forget();
    return source.dark();
  }
  if (typing) {
    if (event.key === "Enter" && event.target.closest(".field")) event.target.blur();
    return;
  }
  // buttons keep Enter and Space, but for the pointers among the fields: there they mean the next field and the figure
  const button = event.target.closest("button, a, summary, [type=checkbox]");
  if (button && !button.matches(".pointer") && (event.key === "Enter" || event.key === " ")) return;
  const number = /^[1-9]$/.test(event.key) && document.querySelectorAll("#proposals [data-edits]")[event.key - 1];
  const work = number ? () => number.click() : keys[event.key] ?? keys[event.key.toLowerCase?.()];
  if (!work || (event.repeat && !event.key.startsWith("Arrow"))) return;
  event.preventDefault();
  work();
});

// --- the beginning

async function propose() {
  const holder = document.getElementById("proposals");
  if (!holder) return; // nothing fails that could be put right
  const answer = await fetch(`${base}/proposals`).catch(() => null);
  if (answer?.ok) holder.innerHTML = await answer.text();
  else holder.hidden = true;
  holder.removeAttribute("aria-busy");
}

for (const each of panel.querySelectorAll(".field[data-q][data-place]")) {
  source.onPicture(each.dataset.q, each.dataset.place.split(",").map(Number));
}
source.begin();
if (pending) {
  beat();
  setInterval(beat, Number(card.dataset.beat) * 1000);
  // not in turn with decisions: those need not wait for it
  check("stay", [])
    .then(propose)
    .catch(() => tell(card.dataset.offline, true))
    .finally(() => document.body.setAttribute("data-ready", ""));
} else {
  panel.removeAttribute("aria-busy");
  document.body.setAttribute("data-ready", "");
}
