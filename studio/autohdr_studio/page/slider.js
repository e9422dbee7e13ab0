/** One slider: its name, its value as text, how far the label may be off, and its track. */
import { spell, state } from "/page/store.js";

const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
/** Half of a thumb, pixels: so far its middle stays from either end. */
const THUMB = 6.5;

/** Where values stand on the track: equal steps of light look alike in mired, so Temperature goes by that. */
function travel({ mired, limit, least = -limit, most = limit, decimals }) {
  if (!mired) return { from: least, to: most, step: 10 ** -decimals, place: (value) => value, value: (place) => place };
  const place = (kelvin) => -1e6 / kelvin;
  return { from: place(least), to: place(most), step: 0.5, place, value: (at) => Math.round(-1e6 / at / 50) * 50 };
}

const within = ({ limit, least = -limit, most = limit }, value) => Math.min(most, Math.max(least, value));

/** By how much an arrow moves it, and one with Shift. */
function steps({ mired, decimals }) {
  if (mired) return [50, 500];
  return [decimals ? 0.05 : 1, 10 * 10 ** -decimals];
}

export class Line {
  /** `acts`: `moved(value)`, `rested()` for a double click, `cleared()` for Delete; `id` tells it from all others. */
  constructor(slider, acts, id = slider.key) {
    const { item, name, said, value, track, doubt, range } = made();
    Object.assign(this, { slider, acts, item, said, text: value, doubt, range, travel: travel(slider), now: 0 });
    const { from, to, step } = this.travel;
    name.textContent = slider.name;
    name.htmlFor = range.id = `slider-${id}`;
    Object.assign(range, { type: "range", min: from, max: to, step });
    said.id = `said-${id}`;
    range.setAttribute("aria-describedby", said.id);
    value.ariaLabel = `${slider.name}, value`;
    track.append(doubt, range);
    item.append(name, said, value, track);
    this.#unseen(id);
    range.addEventListener("input", () => this.#move(this.travel.value(Number(range.value))));
    range.addEventListener("keydown", (event) => this.#key(event));
    item.addEventListener("dblclick", (event) => event.target !== value && !range.disabled && acts.rested());
    value.addEventListener("change", () => this.#move(numberIn(value.value)));
    value.addEventListener("keydown", (event) => event.key !== "Enter" || (event.stopPropagation(), value.blur()));
  }

  /** Says so where the page cannot show what it does. */
  #unseen(id) {
    if (this.slider.drawn ?? true) return;
    const note = Object.assign(document.createElement("span"), { className: "unseen", id: `unseen-${id}`, textContent: "not shown in the picture" });
    this.item.append(note);
    this.range.setAttribute("aria-describedby", `said-${id} unseen-${id}`);
  }

  #key(event) {
    const direction = STEPS[event.key], [small, large] = steps(this.slider);
    if (event.key === "Backspace" || event.key === "Delete") this.acts.cleared();
    else if (direction) this.#move(this.now + direction * (event.shiftKey ? large : small));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Moves to a value, unless it is no number. */
  #move(wanted) {
    if (!Number.isFinite(wanted)) return this.show(this.now);
    this.show(wanted);
    return this.acts.moved(this.now);
  }

  show(amount) {
    const { slider, range, text } = this;
    this.now = Number(within(slider, amount).toFixed(slider.decimals)) || 0;
    range.value = this.travel.place(this.now);
    text.value = spell(slider, this.now);
    range.ariaValueText = `${text.value} ${slider.unit}`.trim();
  }

  /** Shows what the label says, and by how much it may be off. */
  tell(at, error, words = verdict(this.slider)) {
    const { slider, doubt, said } = this;
    doubt.hidden = error == null || at == null;
    if (!doubt.hidden) {
      const [from, to] = [this.#share(at - error), this.#share(at + error)];
      doubt.style.left = `calc(${THUMB}px + (100% - ${2 * THUMB}px) * ${from})`;
      doubt.style.width = `calc((100% - ${2 * THUMB}px) * ${to - from})`;
    }
    const label = at == null ? "" : `${spell(slider, at)}${error == null ? "" : ` ± ${error.toFixed(slider.decimals)}`}`;
    said.textContent = [words || (label && "suggested"), label].filter(Boolean).join(" ");
  }

  /** The share of the track that is left of a value. */
  #share(value) {
    const { from, to, place } = this.travel;
    return (place(within(this.slider, value)) - from) / (to - from);
  }

  /** Where its mark is: at rest. */
  mark(value) {
    this.range.parentElement.style.setProperty("--rest", String(this.#share(value)));
  }

  set disabled(disabled) {
    this.range.disabled = this.text.disabled = disabled;
  }
}

function made() {
  const [item, name, said, value, track, doubt, range] = ["li", "label", "span", "input", "span", "span", "input"].map((kind) => document.createElement(kind));
  Object.assign(value, { type: "text", className: "value", inputMode: "decimal" });
  item.className = "slider";
  for (const [node, word] of [[said, "said"], [track, "track"], [doubt, "doubt"]]) node.className = word;
  return { item, name, said, value, track, doubt, range };
}

/** The number that was typed; NaN where there is none. */
const numberIn = (text) => (text.trim() === "" ? NaN : Number(text.replace("−", "-").replace(",", ".")));

/** What was learnt of a slider, in a word or two. */
function verdict({ key }) {
  const score = state.style?.scores?.find((one) => one.key === key);
  if (!score) return "";
  return score.learnt ? "adapted" : score.constant ? "always the same" : "not learnt yet";
}
