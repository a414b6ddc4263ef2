interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: () => Promise<void>;
}

/** What will happen, soonest first; a binary heap. Whatever is planned for one moment happens at once. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  plan(at: Date, act: () => Promise<void>): void {
    const heap = this.#heap;
    heap.push({ at: at.getTime(), order: this.#order, act });
    this.#order += 1;
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, child)) return;
      child = parent;
    }
  }

  get nextAt(): Date | null {
    const first = this.#heap[0];
    return first === undefined ? null : new Date(first.at);
  }

  /** Everything planned for the very next moment, in the order of planning. */
  takeNext(): (() => Promise<void>)[] {
    const at = this.#heap[0]?.at;
    const taken: (() => Promise<void>)[] = [];
    while (this.#heap[0]?.at === at && this.#heap[0] !== undefined) taken.push(this.#pop(this.#heap[0]));
    return taken;
  }

  #pop(first: Entry): () => Promise<void> {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      for (let parent = 0; ; ) {
        const left = 2 * parent + 1;
        const [a, b] = [this.#heap[left], this.#heap[left + 1]];
        if (a === undefined) break;
        const child = b !== undefined && isBefore(b, a) ? left + 1 : left;
        if (!this.#swapUnlessOrdered(parent, child)) break;
        parent = child;
      }
    }
    return first.act;
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    const [above, below] = [this.#heap[parent], this.#heap[child]];
    if (above === undefined || below === undefined || !isBefore(below, above)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
