// The queue by keyboard: N takes the next task, the arrow keys go through the list.
"use strict";

const links = [...document.querySelectorAll(".tasks a.go")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "n") document.querySelector("form[action^='/next']").requestSubmit();
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const link = links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + step))];
  if (link) {
    link.focus();
    event.preventDefault();
  }
});
