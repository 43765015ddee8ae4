// Arrow keys, page keys and space move from slide to slide; D changes between light and dark.
const page = document.documentElement;
page.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

const slides = [...document.querySelectorAll("main > section")];
const shown = () => slides.findLastIndex((slide) => slide.getBoundingClientRect().top <= innerHeight / 2);
const show = (number) => slides[Math.max(0, Math.min(slides.length - 1, number))].scrollIntoView();
const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("summary, a")) return; // unfolds an answer, follows a link
  if (event.key in steps) show(Math.max(shown(), 0) + steps[event.key]);
  else if (event.key === "Home") show(0);
  else if (event.key === "End") show(slides.length - 1);
  else if (event.key.toLowerCase() === "d") page.dataset.theme = page.dataset.theme === "dark" ? "light" : "dark";
  else return;
  event.preventDefault();
});
