// Rows within rows: the runs of a group below its head, the nested runs below their parent.

/** A list of rows of which some are open and show another list below them. */
export class Branch {
  #open = new Map();
  #places = [];

  constructor(source, depth = 0) {
    this.source = source;
    this.depth = depth;
  }

  get size() {
    let size = this.source.size;
    for (const branch of this.#open.values()) size += branch.size;
    return size;
  }

  /** The branch that a place of the whole belongs to, and the place in it. */
  find(place) {
    let passed = 0;
    for (const index of this.#places) {
      if (place <= index + passed) break;
      const branch = this.#open.get(index);
      const size = branch.size;
      if (place <= index + passed + size) return branch.find(place - index - passed - 1);
      passed += size;
    }
    return { branch: this, index: place - passed };
  }

  at(place) {
    const { branch, index } = this.find(place);
    return { row: branch.source.at(index), branch, index, isOpen: branch.isOpen(index), depth: branch.depth };
  }

  want(from, to) {
    const ranges = new Map();
    const end = Math.max(from + 1, Math.min(to, this.size));
    for (let place = from; place < end; place++) {
      const { branch, index } = this.find(place);
      const range = ranges.get(branch) ?? [index, index];
      ranges.set(branch, [Math.min(range[0], index), Math.max(range[1], index)]);
    }
    for (const [branch, [first, last]] of ranges) branch.source.want(first, last);
  }

  isOpen(index) { return this.#open.has(index); }

  open(index, branch) {
    this.#open.set(index, branch);
    this.#places = [...this.#open.keys()].sort((one, other) => one - other);
    branch.source.want(0, 20);
  }

  close(index) {
    this.#open.get(index)?.stop();
    this.#open.delete(index);
    this.#places = [...this.#open.keys()].sort((one, other) => one - other);
  }

  /** Rows were put before all others. */
  shift(count) {
    this.#open = new Map([...this.#open].map(([index, branch]) => [index + count, branch]));
    this.#places = this.#places.map((index) => index + count);
  }

  * loaded() {
    yield* this.source.loaded();
    for (const branch of this.#open.values()) yield* branch.loaded();
  }

  stop() {
    this.source.stop();
    for (const branch of this.#open.values()) branch.stop();
  }
}
