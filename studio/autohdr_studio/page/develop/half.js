// Light in half precision, as scenes hold it, and its copies by area averages (`autohdr.develop.kernels.reduce`).

/** The number of each pattern of 16 bits. */
const NUMBERS = Float32Array.from({ length: 65536 }, (_, bits) => {
  const [sign, power, rest] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (power ? 2 ** (power - 15) * (1 + rest / 1024) : (2 ** -14 * rest) / 1024);
});

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

/** Gives rows of a scene's light, through its white balance where there is one. */
export function lightRows(scene, balance) {
  const size = scene.width * 3;
  return (y, row) => {
    const from = y * size;
    for (let i = 0; i < size; i++) row[i] = NUMBERS[scene.light[from + i]];
    if (balance) change(row, balance);
  };
}

/** Gives rows of what Highlights and Shadows look at: luminance, but at least a sixteenth of the largest channel. */
export function brightnessRows(scene, balance, weights) {
  const rows = lightRows(scene, balance);
  const light = new Float32Array(scene.width * 3);
  const [red, green, blue] = weights;
  return (y, row) => {
    rows(y, light);
    for (let x = 0, i = 0; x < row.length; x++, i += 3) {
      const r = light[i];
      const g = light[i + 1];
      const b = light[i + 2];
      row[x] = Math.max(r * red + g * green + b * blue, Math.max(r, Math.max(g, b)) / 16);
    }
  };
}

/** Light through the matrix of a white balance; what is blown goes to a neutral. */
function change(row, { matrix, blown, slope, white }) {
  const [[a, b, c], [d, e, f], [g, h, i]] = matrix;
  for (let k = 0; k < row.length; k += 3) {
    const red = row[k];
    const green = row[k + 1];
    const blue = row[k + 2];
    const share = Math.min(Math.max((Math.min(red, Math.min(green, blue)) - blown) * slope, 0), 1);
    const kept = 1 - share;
    row[k] = kept * (a * red + b * green + c * blue) + share * white;
    row[k + 1] = kept * (d * red + e * green + f * blue) + share * white;
    row[k + 2] = kept * (g * red + h * green + i * blue) + share * white;
  }
}
