// A thin layer over WebGL2: programs by what they are for, and textures that are filled when their numbers change.

const soon = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Holds programs and table textures of one context; all of it is gone, and made anew, after the context was lost. */
export class Gpu {
  constructor(gl) {
    this.gl = gl;
    this.programs = new Map();
    this.textures = new Map();
    gl.bindVertexArray(gl.createVertexArray());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.disable(gl.DITHER);
  }

  /** Begins the program of a name, which the driver makes beside what else happens; `sources` makes its two shaders. */
  begin(name, sources) {
    if (this.programs.has(name)) return;
    const { gl } = this;
    const program = gl.createProgram();
    sources().forEach((source, k) => {
      const shader = gl.createShader(k ? gl.FRAGMENT_SHADER : gl.VERTEX_SHADER);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader);
    });
    gl.linkProgram(program);
    this.programs.set(name, { program, places: null });
  }

  /** Uses a program that has begun, once it is made; returns where its uniforms are. */
  use(name) {
    const { gl } = this;
    const found = this.programs.get(name);
    if (!found.places) {
      this.#check(found.program);
      found.places = this.#places(found.program);
    }
    gl.useProgram(found.program);
    return found.places;
  }

  #check(program) {
    const { gl } = this;
    if (gl.getProgramParameter(program, gl.LINK_STATUS) || gl.isContextLost()) return;
    const logs = gl.getAttachedShaders(program).map((shader) => gl.getShaderInfoLog(shader));
    throw new Error(`The graphics driver refuses to develop: ${[gl.getProgramInfoLog(program), ...logs].join(" ")}`);
  }

  /** Where a program's uniforms are, by name; its samplers get a texture unit each. */
  #places(program) {
    const { gl } = this;
    const places = { units: {} };
    gl.useProgram(program);
    let unit = 0;
    for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i++) {
      const { name, type } = gl.getActiveUniform(program, i);
      const at = gl.getUniformLocation(program, name);
      places[name.replace("[0]", "")] = at;
      if (type !== gl.SAMPLER_2D) continue;
      places.units[name] = unit;
      gl.uniform1i(at, unit++);
    }
    return places;
  }

  /**
   * Binds the texture of a name to a unit, and fills it where it holds other numbers than these.
   * @param numbers what it shall hold; the same object is not uploaded twice.
   * @param {{internal, format, type, width, height}} form
   */
  bind(unit, name, numbers, form) {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    let held = this.textures.get(name);
    if (!held) this.textures.set(name, (held = { texture: this.texture(), numbers: null }));
    gl.bindTexture(gl.TEXTURE_2D, held.texture);
    if (held.numbers === numbers) return;
    held.numbers = numbers;
    const { internal, format, type, width, height } = form;
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, format, type, numbers);
  }

  /** Makes a texture that is read texel by texel; it stays bound. */
  texture() {
    const { gl } = this;
    const made = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    return made;
  }

  /** Draws a triangle that covers the whole viewport. */
  cover(width, height) {
    this.gl.viewport(0, 0, width, height);
    this.gl.drawArrays(this.gl.TRIANGLES, 0, 3);
  }

  /** Resolves once the graphics have done all that they were asked for until now. */
  async done() {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    while (!gl.isContextLost() && gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED) await soon();
    gl.deleteSync(fence);
  }

  free() {
    for (const { program } of this.programs.values()) this.gl.deleteProgram(program);
    for (const { texture } of this.textures.values()) this.gl.deleteTexture(texture);
    this.programs.clear();
    this.textures.clear();
  }
}
