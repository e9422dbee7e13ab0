/** The sliders of the open photo: white balance, the eight, and more of them. */
import * as balance from "/page/balance.js";
import { editOf } from "/page/edits.js";
import * as more from "/page/more.js";
import { Line } from "/page/slider.js";
import { state } from "/page/store.js";

let lines = [], resting = [];

/** Makes the sliders; `onChange(edit)` is called as they move, and `lightAt(x, y)` says what light is at a place of the picture. */
export function make(onChange, lightAt) {
  const changed = () => onChange(edit());
  lines = state.sliders.map((slider, index) => {
    const moved = (value) => { lines[index].show(value); changed(); };
    return new Line(slider, { moved: changed, rested: () => moved(resting[index] ?? 0), cleared: () => moved(0) }, index);
  });
  document.getElementById("sliders").replaceChildren(...lines.map(({ item }) => item));
  balance.make(changed, lightAt);
  more.make(changed);
}

/** What the sliders stand at; in `also` stands what was moved. */
export const edit = () => ({ values: lines.map(({ now }) => now), also: { ...balance.moved(), ...more.moved() } });

/** Moves the sliders of a photo. */
export function set(photo, { values, also }) {
  lines.forEach((line, index) => line.show(values?.[index] ?? 0));
  balance.set(photo, also);
  more.set(photo, also);
}

/** Shows a photo's values, what its label says, and how far that may be off. */
export function tell(photo) {
  resting = photo.label ?? photo.values ?? [];
  set(photo, editOf(photo));
  lines.forEach((line, index) => line.tell(photo.label?.[index], photo.errors?.[index]));
  balance.tell(photo);
  more.tell(photo);
}
