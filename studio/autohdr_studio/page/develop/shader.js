// The pass that looks at one pixel: scene light in, encoded light for the screen out, in the order of
// `autohdr.develop.kernels.fused`. What does not act is left out by `#define`, so each choice is a program of its own.

import { TABLES } from "./numbers.js";
import { FIRST, HIGHEST, LOWEST, SHIFT } from "./table.js";
import { LEVELS } from "./local_tone.js";

const number = (x) => (Number.isInteger(x) ? `${x}.0` : `${Math.fround(x)}`);
const list = (numbers) => numbers.map(number).join(", ");
const { spaces: SPACES, localTone: LOCAL, baseLevel: BASE, regionalLevel: REGION } = TABLES;
const [ROSE, RED, ORANGE, YELLOW] = TABLES.vibrance.hues;
const [LEAST, MOST] = TABLES.saturation.limits;

/** How many numbers the vertex shader hands on, in fours; see `numbersOf` in render.js for their order. */
export const FOURS = 9;
const fours = (kind) => Array.from({ length: FOURS }, (_, k) => `flat ${kind} vec4 n${k};`).join("\n");

// What is the same for all pixels reaches them as flat outputs of the vertices: in software, where a uniform is read
// for each pixel, that is a third of the time.
export const VERTEX = `#version 300 es
uniform vec4 numbers[${FOURS}];
${fours("out")}
void main() {
  ${Array.from({ length: FOURS }, (_, k) => `n${k} = numbers[${k}];`).join(" ")}
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

const HEAD = `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D scene;
${fours("in")}
#define SIZE n0.xy
#define ORIGIN n0.zw
#define STRIDE n1.xy
#define FACTOR n1.z
#define LIFT n1.w
#define CELLS n2.xy
#define PLACES n2.zw
#define HEADROOM n3.x
const vec3 LUMINANCE = vec3(${list(SPACES.luminance)});
float most(vec3 c) { return max(c.r, max(c.g, c.b)); }
float least(vec3 c) { return min(c.r, min(c.g, c.b)); }
#ifdef BALANCE
uniform mat3 balance;
uniform vec3 blown;
vec3 balanced(vec3 c) {
  return mix(balance * c, vec3(blown.z), clamp((least(c) - blown.x) * blown.y, 0.0, 1.0));
}
#endif
`;

// One texel at its middle: `textureLod` is as exact there as `texelFetch`, and cheaper in software.
const CURVES = `
uniform sampler2D curves;
// Where a level lies in a table: the texel that holds its node and the next one, and how far the way between is gone.
vec2 place(float level, out float part) {
  int held = floatBitsToInt(clamp(level, ${number(LOWEST)}, ${number(HIGHEST * (1 - 2 ** -24))}));
  int node = (held - ${FIRST}) >> ${SHIFT};
  part = float(held & ${(1 << SHIFT) - 1}) * ${number(2 ** -SHIFT)};
  return (vec2(node & 127, node >> 7) + 0.5) * vec2(${number(1 / 128)}, ${number(1 / 52)});
}
float under(float level) { return min(level, ${number(LOWEST)}) * ${number(1 / LOWEST)}; }
vec4 upper(vec2 at) { return textureLod(curves, at, 0.0); }
vec4 lower(vec2 at) { return textureLod(curves, at + vec2(0.0, 0.5), 0.0); }

// White curve on the largest and smallest channel, black curve on each, tone curve on the largest and smallest. The
// first two rise, so the largest channel stays the largest, and of both ends the joined curves are enough.
vec3 toned(vec3 c) {
  float low = least(c), high = most(c), below, above, part;
  vec2 first = place(low, below), last = place(high, above);
  vec4 dark = upper(first), bright = upper(last), dark_end = lower(first), bright_end = lower(last);
  vec3 from = vec3(mix(dark.xz, dark.yw, below), mix(dark_end.x, dark_end.y, below)) * under(low);
  vec3 to = vec3(mix(bright.xz, bright.yw, above), mix(bright_end.x, bright_end.y, above)) * under(high);
  // x after the white curve, y after the black one, z after the tone curve.
  float middle = max(min(max(c.r, c.g), c.b), min(c.r, c.g));
  float white = from.x + (middle - low) * ((to.x - from.x) / max(high - low, 1e-9));
  vec4 pair = lower(place(white, part));
  float black = mix(pair.z, pair.w, part) * under(white);
  float inner = from.z + (black - from.y) * ((to.z - from.z) / max(to.y - from.y, 1e-9));
  bvec3 highest = equal(c, vec3(high)), lowest = equal(c, vec3(low));
  return mix(mix(vec3(inner), vec3(to.z), highest), vec3(from.z), lowest) + LIFT;
}
`;

const CHANNELS = `
uniform sampler2D channels;
uniform vec3 lifts;
float through(float x, int k) {
  float part;
  vec2 at = place(x, part);
  vec4 pairs = textureLod(channels, k == 2 ? at + vec2(0.0, 0.5) : at, 0.0);
  vec2 pair = k == 1 ? pairs.zw : pairs.xy;
  float level = mix(pair.x, pair.y, part) * under(x);
  return x >= 0.0 ? level : max(level, x);
}
vec3 separate(vec3 c) { return vec3(through(c.r, 0), through(c.g, 1), through(c.b, 2)) + lifts; }
`;

const LOCAL_TONE = `
uniform sampler2D base, gains;
float log_2(float x) {
  int bits = floatBitsToInt(x);
  float f = float(bits & 0x7FFFFF) * ${number(2 ** -23)};
  return float((bits >> 23) - 127) + f + f * (1.0 - f) * (0.43807 + f * (-0.23669 + f * 0.08031));
}
// Where a pixel lies among the middles of cells: the cell before, and how far the way to the next is gone.
vec2 cell(vec2 at, vec2 count, out vec2 part) {
  vec2 to = clamp(at * count - 0.5, vec2(0.0), count - 1.0);
  vec2 here = min(floor(to), max(count - 2.0, 0.0));
  part = to - here;
  return here;
}
float base_level(vec2 at, vec3 c) {
  float brightness = FACTOR * max(dot(LUMINANCE, c), most(c) * 0.0625);
  vec2 part, count = CELLS, scale = 1.0 / count, here = (cell(at, count, part) + 0.5) * scale;
  // A texel holds a and b of a cell, and of the one to its right.
  vec4 both = mix(textureLod(base, here, 0.0), textureLod(base, here + vec2(0.0, scale.y), 0.0), part.y);
  vec2 line = mix(both.xy, both.zw, part.x);
  return line.x * log_2(max(brightness, ${number(BASE.floor)})) + line.y;
}
#if LOCAL == 1
float local_gain(vec2 at, vec3 c) {
  const float scale = ${number((LOCAL.samples - 1) / (LOCAL.highest - LOCAL.lowest))};
  float level = (base_level(at, c) - ${number(LOCAL.lowest)}) * scale;
  level = clamp(level, 0.0, ${number(LOCAL.samples - 1.01)});
  vec2 pair = textureLod(gains, vec2((floor(level) + 0.5) * ${number(1 / LOCAL.samples)}, 0.5), 0.0).xy;
  return mix(pair.x, pair.y, fract(level));
}
#else
float local_gain(vec2 at, vec3 c) {
  const float step_right = ${number(1 / LEVELS)};
  float level = (base_level(at, c) - ${number(REGION.first)}) * ${number(LOCAL.finer)};
  level = clamp(level, 0.0, ${number(LEVELS - 1.01)});
  vec2 part, count = PLACES, here = cell(at, count, part);
  vec2 texel = vec2((floor(level) + 0.5) * step_right, (here.y * count.x + here.x + 0.5) / (count.x * count.y));
  // A texel holds the gains at a place, the one to its right, and both below.
  vec4 first = textureLod(gains, texel, 0.0), next = textureLod(gains, texel + vec2(step_right, 0.0), 0.0);
  vec4 four = mix(first, next, fract(level));
  vec2 line = mix(four.xy, four.zw, part.y);
  return mix(line.x, line.y, part.x);
}
#endif
`;

const VIBRANCE = `
float power_of_two(float x) {
  x = clamp(x, -1.6, 0.6);
  return 1.0 + x * (0.69317 + x * (0.240336 + x * (0.055503 + x * (0.00925 + x * 0.000915))));
}
float smooth_step(float x) { x = clamp(x, 0.0, 1.0); return x * x * (3.0 - 2.0 * x); }
vec3 vibrant(vec3 c) {
  float high = most(c), low = least(c), chroma = max(high - low, 1e-9);
  float value = min(high, 1.0), s = min(chroma / max(high, 1e-9), 1.0), f;
#if VIBRANCE == 1
    float per_chroma = 1.0 / chroma;
    float red = float(high == c.r), green = float(high == c.g) * (1.0 - red), blue = 1.0 - red - green;
    float sixth = (red * (c.g - c.b) + green * (c.b - c.r) + blue * (c.r - c.g)) * per_chroma
      + 2.0 * (green - blue);
    float w = smooth_step(max((sixth - ${number(ORANGE)}) * ${number(1 / (YELLOW - ORANGE))},
      (${number(RED)} - sixth) * ${number(1 / (RED - ROSE))}));
    float general = n4.x + n4.y * value + n4.z * s
      + (n4.w * value + n5.x * s) * value;
    float spared = n5.y + n5.z * value + n5.w * s;
    f = 1.0 + (1.0 - s) * max(w * general + (1.0 - w) * spared, 0.0);
    f = min(f, max(high * per_chroma, 1.0));
#else
    f = max(1.0 + n4.x + (n4.y + n4.z * s + n4.w * value) * s, 0.0);
#endif
  float stops = n6.x + n6.y * s + (n6.z + n6.w * s + n7.x * value) * value;
  float lifted = power_of_two(s * (1.0 - value) * stops);
  bool coloured = high > 0.0 && high - low > 1e-9;
  float level = coloured ? high * lifted : high, turn = coloured ? f * lifted : 1.0;
  return level - turn * (high - c);
}
`;

const SATURATION = `
vec3 saturated(vec3 c) {
  float high = most(c), low = least(c), luminance = dot(LUMINANCE, c);
  float value = min(high, 1.0), some = max(high, 1e-9);
  float s = min((high - low) / some, 1.0), below = clamp(1.0 - luminance / some, 0.0, 1.0);
  float more = n7.y + n7.z * s + n7.w * s * value
    + (n8.x + n8.y * value) * below;
  float one = n7.y * ${number(LEAST)}, other = n7.y * ${number(MOST)};
  float k = high > 0.0 ? max(1.0 + clamp(more, min(one, other), max(one, other)), 0.0) : 1.0;
  return luminance + k * (c - luminance);
}
`;

const HDR = `
// Takes light into its primaries; the gain of HDR shall be that of the luminance before the cut.
vec3 within(vec3 c) {
  if (least(c) >= 0.0) return c;
  const float bend = ${number(TABLES.display.reach ** -2)};
  float level = clamp(dot(WEIGHTS, c), 0.0, 1.0);
  float gain = 2.0 / (1.0 - level + sqrt((1.0 - level) * (1.0 - level) + 4.0 * bend * level));
  c = max(c, 0.0);
  float seen = gain * dot(WEIGHTS, c);
  return c * (gain * (1.0 + bend * seen) / (1.0 + seen));
}
vec3 other_light(vec3 c, sampler2D table, float scale, float highest) {
  const float steps = ${number(TABLES.display.nodes - 1)};
  float level = max(dot(WEIGHTS, c), 0.0), at = sqrt(min(level * scale, 1.0)) * steps;
  int node = min(int(at), int(steps) - 1);
  vec4 pair = texelFetch(table, ivec2(node, 0), 0);
  float part = at - float(node), colour = mix(pair.z, pair.w, part);
  colour = min(colour, level / max(level - max(least(c), 0.0), 1e-20));
  return clamp(mix(pair.x, pair.y, part) * (level + (c - level) * colour), 0.0, highest);
}
uniform sampler2D bright;
#if HDR == 2
uniform sampler2D dim;
#endif
vec3 rendition(vec3 c) {
  c = within(c);
#if HDR == 1
  return min(c, 1.0);
#else
  c = other_light(c, bright, 1.0, HEADROOM);
#if HDR == 2
  c = other_light(c, dim, 1.0 / HEADROOM, 1.0);
#endif
  return c;
#endif
}
`;

const MAIN = `
out vec4 shown;
// The sRGB function; for light from 0 to 1 within 0.00004 of it, by square roots in place of powers.
vec3 encoded(vec3 c) {
#if HDR == 3
  vec3 curve = 1.055 * pow(max(c, 1e-9), vec3(1.0 / 2.4)) - 0.055;
#else
  vec3 s = sqrt(c), q = sqrt(s);
  vec3 curve = -0.064611438 + q * 0.19613529 + s * (1.12268265 + q * -0.33550214 + s * 0.08132999);
#endif
  return mix(curve, c * 12.92, lessThanEqual(c, vec3(0.0031308)));
}
void main() {
  vec2 at = (ORIGIN + gl_FragCoord.xy * STRIDE) / SIZE;
  vec3 c = textureLod(scene, at, 0.0).rgb;
#ifdef BALANCE
  c = balanced(c);
#endif
#if LOCAL
  c = toned(max(c, 0.0) * (FACTOR * local_gain(at, c)));
#else
  c = toned(max(c, 0.0) * FACTOR);
#endif
#ifdef CHANNELS
  c = separate(c);
#endif
#if VIBRANCE
  c = vibrant(c);
#endif
#ifdef SATURATION
  c = saturated(c);
#endif
  c = MATRIX * c;
#if HDR
  c = rendition(clamp(c, -4.0, 4.0));
#else
  c = clamp(c, 0.0, 1.0);
#endif
  shown = vec4(encoded(c), 1.0);
}
`;

const display = ({ matrix, luminance }) => `
const mat3 MATRIX = mat3(${list(matrix[0].flatMap((_, k) => matrix.map((row) => row[k])))});
const vec3 WEIGHTS = vec3(${list(luminance)});
`;

/**
 * The fragment shader for a choice of what acts.
 * @param {{local: 0|1|2, hdr: 0|1|2|3, vibrance: 0|1|2, balance: boolean, channels: boolean, saturation: boolean}}
 *   choice `local`: by base level, or by place, too; `hdr`: 1 an HDR edit's SDR rendition as it is, 2 through its
 *   table, 3 the HDR rendition; `vibrance`: 1 above 0, 2 below. 0 is none. `primaries`: the display's.
 */
export function fragment(choice) {
  const flags = ["balance", "channels", "saturation"].filter((name) => choice[name]);
  const defines = [
    ...["local", "hdr", "vibrance"].map((name) => `#define ${name.toUpperCase()} ${choice[name]}`),
    ...flags.map((name) => `#define ${name.toUpperCase()}`),
  ];
  const parts = ["#version 300 es", ...defines, HEAD, display(SPACES.displays[choice.primaries]), CURVES];
  if (choice.local) parts.push(LOCAL_TONE);
  if (choice.channels) parts.push(CHANNELS);
  if (choice.vibrance) parts.push(VIBRANCE);
  if (choice.saturation) parts.push(SATURATION);
  if (choice.hdr) parts.push(HDR);
  return [...parts, MAIN].join("\n");
}
