"use strict";
(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const kept = { // a page opened from a file may not be allowed to keep anything
    get(name) { try { return localStorage.getItem("gouji." + name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem("gouji." + name, value); } catch { /* not kept */ } },
  };

  // language and theme
  const speak = (language) => {
    root.dataset.lang = language;
    root.lang = language === "en" ? "en" : "zh-CN";
    kept.set("language", language);
    tell();
  };
  find("language").addEventListener("click", () => speak(root.dataset.lang === "zh" ? "en" : "zh"));
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  find("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    kept.set("theme", root.dataset.theme);
  });
  if (kept.get("theme")) root.dataset.theme = kept.get("theme");
  find("print").addEventListener("click", () => print());

  // opening and closing
  const open = (body, wanted = !body.classList.contains("is-open")) => {
    body.classList.toggle("is-open", wanted);
    body.querySelector(".open").setAttribute("aria-expanded", String(wanted));
  };
  document.addEventListener("click", (event) => {
    const line = event.target.closest("tr.line");
    if (line && (event.target.closest(".open") || !String(getSelection()))) open(line.parentElement);
  });
  const findings = [...document.querySelectorAll("tbody.finding")];
  const documents = [...document.querySelectorAll(".documents > tbody")];
  const visible = () => [...document.querySelectorAll("tbody.finding:not([hidden])")];

  // filters
  const kinds = [...document.querySelectorAll(".kinds button")];
  const fields = ["text", "area", "document", "cause", "stake"].map(find);
  const words = new Map();
  const wordsOf = (body) => {
    if (!words.has(body)) words.set(body, body.textContent.toLowerCase());
    return words.get(body);
  };
  const areaOf = (body) => body.querySelector("td.document").textContent.toLowerCase();
  const filter = () => {
    const pressed = kinds.filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.dataset.kind);
    const [text, area, name, cause, stake] = fields.map((each) => each.value.trim().toLowerCase());
    const texts = text.split(/\s+/).filter(Boolean);
    for (const body of findings) {
      const data = body.dataset;
      body.hidden = !((!pressed.length || pressed.includes(data.kind))
        && (!name || data.document === name)
        && (!cause || data.cause === cause)
        && (!stake || Number(data.stake) >= Number(stake))
        && (!area || areaOf(body).includes(area))
        && texts.every((each) => wordsOf(body).includes(each)));
    }
    for (const body of documents) {
      body.hidden = !((!name || body.dataset.document === name) && (!area || areaOf(body).includes(area)));
    }
    tell();
  };
  function tell() {
    const shown = find("shown");
    if (!shown) return;
    const count = visible().length;
    shown.textContent = root.dataset.lang === "zh" ? `显示 ${count} / ${findings.length} 处` : `${count} of ${findings.length} shown`;
    find("nothing").hidden = count > 0;
  }
  if (findings.length) {
    document.querySelector(".filters").hidden = false;
    for (const each of fields) each.addEventListener("input", filter);
    for (const each of kinds) {
      each.addEventListener("click", () => {
        each.setAttribute("aria-pressed", String(each.getAttribute("aria-pressed") !== "true"));
        filter();
      });
    }
    find("clear").addEventListener("click", () => {
      for (const each of fields) each.value = "";
      for (const each of kinds) each.setAttribute("aria-pressed", "false");
      filter();
    });
    find("all").addEventListener("click", () => visible().forEach((each) => open(each, true)));
    find("none").addEventListener("click", () => findings.forEach((each) => open(each, false)));
  }

  // sorting: a second click turns the order round
  const place = new Map(findings.map((each, number) => [each, number]));
  const values = {
    place: (body) => place.get(body),
    document: (body) => areaOf(body),
    cause: (body) => body.dataset.cause,
    stake: (body) => -Number(body.dataset.stake),
  };
  for (const button of document.querySelectorAll(".sort")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const turned = head.getAttribute("aria-sort") === (button.dataset.by === "stake" ? "descending" : "ascending");
      for (const each of head.parentElement.children) each.removeAttribute("aria-sort");
      const falling = turned !== (button.dataset.by === "stake");
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const value = values[button.dataset.by];
      const sorted = [...findings].sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        return (x < y ? -1 : x > y ? 1 : 0) * (turned ? -1 : 1) || place.get(a) - place.get(b);
      });
      document.querySelector("table.findings").append(...sorted);
    });
  }

  // keys: / finds, arrows go from line to line, Escape closes
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select");
    if (event.key === "/" && !typing && find("text")) {
      event.preventDefault();
      find("text").focus();
    }
    const button = event.target.closest(".open");
    if (!button || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") open(button.closest("tbody"), false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const buttons = [...button.closest("table").querySelectorAll("tbody:not([hidden]) > .line .open")];
      const next = buttons[buttons.indexOf(button) + step];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  });

  // report.html#<document>-<finding> opens that finding
  const follow = () => {
    const target = location.hash.length > 1 && find(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("tr.opened")) {
      open(target.parentElement, true);
      target.parentElement.scrollIntoView();
    }
  };
  addEventListener("hashchange", follow);
  speak(kept.get("language") === "en" ? "en" : "zh");
  follow();
})();
