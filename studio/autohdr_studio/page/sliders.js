/** The sliders of one photo: each with its value, how far the label may be off, and what was learnt of it. */
import { spell, state } from "/page/store.js";

const list = document.getElementById("sliders");
const rows = [];
let changed = () => {}, resting = [];

/** Makes the sliders; `onChange(values)` is called as they move. */
export function make(onChange) {
  changed = onChange;
  list.replaceChildren(...state.sliders.map(row));
}

function row(slider, index) {
  const item = document.createElement("li"), name = document.createElement("label"), value = document.createElement("input");
  const track = document.createElement("span"), doubt = document.createElement("span"), range = document.createElement("input"), said = document.createElement("span");
  item.className = "slider";
  name.textContent = slider.name;
  name.htmlFor = range.id = `slider-${index}`;
  Object.assign(range, { type: "range", min: -slider.limit, max: slider.limit, step: 10 ** -slider.decimals });
  range.setAttribute("aria-describedby", `said-${index}`);
  Object.assign(value, { type: "text", className: "value", inputMode: "decimal", ariaLabel: `${slider.name}, value` });
  track.className = "track";
  doubt.className = "doubt";
  said.className = "said";
  said.id = `said-${index}`;
  track.append(doubt, range);
  item.append(name, said, value, track);
  rows.push({ slider, range, value, doubt, said });
  range.addEventListener("input", () => put(index, Number(range.value)));
  range.addEventListener("keydown", (event) => steps(event, index));
  item.addEventListener("dblclick", (event) => event.target !== value && put(index, resting[index] ?? 0));
  value.addEventListener("change", () => put(index, Number(value.value.replace("−", "-").replace(",", "."))));
  value.addEventListener("keydown", (event) => event.key !== "Enter" || (event.stopPropagation(), value.blur()));
  return item;
}

/** Shift makes steps ten times as large; the plain arrows are the browser's own. */
function steps(event, index) {
  const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (event.key === "Backspace" || event.key === "Delete") put(index, 0);
  else if (direction && event.shiftKey) put(index, Number(rows[index].range.value) + direction * 10 * 10 ** -rows[index].slider.decimals);
  else if (direction) put(index, Number(rows[index].range.value) + direction * (rows[index].slider.decimals ? 0.05 : 1));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function put(index, wanted) {
  if (!Number.isFinite(wanted)) wanted = Number(rows[index].range.value);
  const { slider } = rows[index];
  show(index, Math.min(slider.limit, Math.max(-slider.limit, wanted)));
  changed(values());
}

function show(index, amount) {
  const { slider, range, value } = rows[index];
  range.value = amount;
  value.value = spell(slider, Number(range.value));
  range.ariaValueText = `${spell(slider, Number(range.value))} ${slider.unit}`.trim();
}

export const values = () => rows.map(({ range }) => Number(range.value));

export function set(amounts) {
  rows.forEach((_, index) => show(index, amounts[index] ?? 0));
}

/** Shows a photo's values, what its label says, and how far that may be off. */
export function tell(photo) {
  resting = photo.label ?? photo.values ?? [];
  set(state.drafts.get(photo.id) ?? photo.values ?? []);
  rows.forEach(({ slider, doubt, said }, index) => {
    const error = photo.errors?.[index], at = photo.label?.[index];
    doubt.hidden = error == null || at == null;
    if (!doubt.hidden) {
      const from = Math.max(-slider.limit, at - error), to = Math.min(slider.limit, at + error);
      const share = (value) => (value + slider.limit) / (2 * slider.limit);
      doubt.style.left = `calc(6.5px + (100% - 13px) * ${share(from)})`;
      doubt.style.width = `calc((100% - 13px) * ${share(to) - share(from)})`;
    }
    said.textContent = words(slider, at, error);
  });
}

function words(slider, at, error) {
  const score = state.style?.scores?.find((one) => one.key === slider.key);
  const verdict = !score ? "" : score.learnt ? "adapted" : score.constant ? "always the same" : "not learnt yet";
  const label = at == null ? "" : `${spell(slider, at)}${error == null ? "" : ` ± ${error.toFixed(slider.decimals)}`}`;
  return [verdict || "suggested", label].filter(Boolean).join(" ");
}
