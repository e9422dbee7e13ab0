// Light in half precision, as scenes hold it, and its copies by area averages (`autohdr.develop.kernels.reduce`).

/** The number of each pattern of 16 bits. */
const NUMBERS = Float32Array.from({ length: 65536 }, (_, bits) => {
  const [sign, power, rest] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (power ? 2 ** (power - 15) * (1 + rest / 1024) : (2 ** -14 * rest) / 1024);
});

/** The white balance that changes nothing. */
const AS_SHOT = { matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], blown: Infinity, slope: 1, white: 0 };

export const numberOf = (bits) => NUMBERS[bits];

/** Height and width of a copy whose longer edge has at most so many pixels. */
export function sizeOfCopy(height, width, edge) {
  const longer = Math.max(height, width);
  if (longer <= edge) return [height, width];
  return [height, width].map((size) => Math.max(1, roundHalfToEven((size * edge) / longer)));
}

/** Rounds as Python does. */
export function roundHalfToEven(x) {
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down & 1) : Math.round(x);
}

/**
 * Reduces a picture whose rows a function gives.
 * @param {(y: number, row: Float32Array) => void} fill writes row y, `width * channels` numbers.
 * @returns {{height: number, width: number, channels: number, data: Float32Array}}
 */
export function reduced(fill, height, width, channels, edge) {
  const [tall, wide] = sizeOfCopy(height, width, edge);
  const data = new Float32Array(tall * wide * channels);
  const size = width * channels;
  const row = new Float32Array(size);
  if (tall === height && wide === width) {
    for (let y = 0; y < height; y++) fill(y, data.subarray(y * size, (y + 1) * size));
    return { height, width, channels, data };
  }
  const sum = new Float32Array(size);
  const columns = shares(width, wide);
  let filled = -1;
  shares(height, tall).forEach(([first, parts], y) => {
    sum.fill(0);
    parts.forEach((share, k) => {
      if (filled !== first + k) fill((filled = first + k), row);
      for (let i = 0; i < size; i++) sum[i] += share * row[i];
    });
    average(sum, columns, channels, data.subarray(y * wide * channels));
  });
  return { height: tall, width: wide, channels, data };
}

function average(sum, columns, channels, out) {
  for (let x = 0; x < columns.length; x++) {
    const [first, parts] = columns[x];
    for (let c = 0; c < channels; c++) {
      let total = 0;
      for (let k = 0; k < parts.length; k++) total += parts[k] * sum[(first + k) * channels + c];
      out[x * channels + c] = total;
    }
  }
}

/** For each of `cells` cells the first pixel that it shares, and the shares of that and of those after. */
function shares(size, cells) {
  const wide = size / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const [start, end] = [cell * wide, (cell + 1) * wide];
    const first = Math.floor(start);
    const last = Math.min(size, Math.ceil(end - 1e-9));
    const parts = [];
    for (let at = first; at < last; at++) parts.push((Math.min(end, at + 1) - Math.max(start, at)) / wide);
    return [first, parts];
  });
}

/** Reduces a picture in memory. */
export function reducedCopy(picture, edge) {
  const size = picture.width * picture.channels;
  const fill = (y, row) => row.set(picture.data.subarray(y * size, (y + 1) * size));
  return reduced(fill, picture.height, picture.width, picture.channels, edge);
}

/** Gives rows of what Highlights and Shadows look at: luminance, but at least a sixteenth of the largest channel. */
export function brightnessRows(scene, balance, weights) {
  const [red, green, blue] = weights;
  const as = balance ?? AS_SHOT;
  const [[a, b, c], [d, e, f], [g, h, i]] = as.matrix;
  return (y, row) => {
    let from = y * scene.width * 3;
    for (let x = 0; x < row.length; x++, from += 3) {
      const [r, s, t] = lightOf(scene, from);
      const share = shareOf(r, s, t, as.blown, as.slope);
      const neutral = share * as.white;
      const one = (1 - share) * (a * r + b * s + c * t) + neutral;
      const two = (1 - share) * (d * r + e * s + f * t) + neutral;
      const three = (1 - share) * (g * r + h * s + i * t) + neutral;
      row[x] = Math.max(one * red + two * green + three * blue, Math.max(one, Math.max(two, three)) / 16);
    }
  };
}

/**
 * Gives rows of a scene's light in two parts, four numbers a pixel: light that white balances change, and the share that
 * is blown, which becomes a neutral. Means of them are the same in every balance, but for its matrix and its white.
 */
export function partRows(scene, { blown, slope }) {
  return (y, row) => {
    let from = y * scene.width * 3;
    for (let k = 0; k < row.length; k += 4, from += 3) {
      const [red, green, blue] = lightOf(scene, from);
      const share = shareOf(red, green, blue, blown, slope);
      row[k] = (1 - share) * red;
      row[k + 1] = (1 - share) * green;
      row[k + 2] = (1 - share) * blue;
      row[k + 3] = share;
    }
  };
}

/** The parts of `partRows` put together again in a white balance. */
export function joined({ data, height, width }, { matrix, white }) {
  const out = new Float32Array(3 * height * width);
  const [[a, b, c], [d, e, f], [g, h, i]] = matrix;
  for (let k = 0, to = 0; to < out.length; k += 4, to += 3) {
    const red = data[k];
    const green = data[k + 1];
    const blue = data[k + 2];
    const neutral = data[k + 3] * white;
    out[to] = a * red + b * green + c * blue + neutral;
    out[to + 1] = d * red + e * green + f * blue + neutral;
    out[to + 2] = g * red + h * green + i * blue + neutral;
  }
  return { height, width, channels: 3, data: out };
}

const lightOf = ({ light }, from) => [NUMBERS[light[from]], NUMBERS[light[from + 1]], NUMBERS[light[from + 2]]];

/** How much of light is blown. */
const shareOf = (red, green, blue, blown, slope) =>
  Math.min(Math.max((Math.min(red, Math.min(green, blue)) - blown) * slope, 0), 1);
