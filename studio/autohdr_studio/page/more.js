/** The further sliders that a style may learn, folded. */
import { besideOf, means } from "/page/edits.js";
import { Line } from "/page/slider.js";
import { spell, state } from "/page/store.js";

const details = document.getElementById("more");
const lines = new Map();
/** What was moved, by key, and what the label has. */
let also = {}, resting = {};

export function make(changed) {
  for (const slider of state.further) {
    const moved = (value) => {
      lines.get(slider.key).show(value);
      also[slider.key] = value;
      count();
      changed();
    };
    const rested = () => moved(resting[slider.key] ?? slider.default);
    lines.set(slider.key, new Line(slider, { moved, rested, cleared: () => moved(slider.default) }));
  }
  document.getElementById("more-sliders").replaceChildren(...[...lines.values()].map(({ item }) => item));
}

export const moved = () => also;

export function set(photo, draft) {
  also = Object.fromEntries(Object.entries(draft).filter(([key]) => lines.has(key)));
  const beside = besideOf(photo, { also });
  for (const [key, line] of lines) {
    line.show(beside[key] ?? line.slider.default);
    line.item.hidden = !means(photo, line.slider);
  }
  count();
}

export function tell(photo) {
  resting = photo.beside?.label ?? {};
  for (const [key, line] of lines) line.tell(resting[key], photo.beside?.errors[key]);
}

/** Names those that are set, so that none is overlooked while they are folded. */
function count() {
  const set = [...lines.values()].filter(({ item, now, slider }) => !item.hidden && now !== slider.default);
  document.getElementById("more-set").textContent = set.map(({ slider, now }) => `${slider.name} ${spell(slider, now)}`).join(", ");
  details.classList.toggle("set", set.length > 0);
}
