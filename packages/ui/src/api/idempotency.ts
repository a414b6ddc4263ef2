/**
 * One key per intended write. A key is remembered until its write has a definite answer, so that both the automatic
 * retry and a person who presses the button again after a lost answer send the same key, and the write happens once.
 */
export class IdempotencyKeys {
  readonly #open = new Map<string, string>();
  readonly #newKey: () => string;

  constructor(newKey: () => string = () => crypto.randomUUID()) {
    this.#newKey = newKey;
  }

  static intentOf(path: readonly string[], input: unknown): string {
    return `${path.join('.')} ${JSON.stringify(input ?? null)}`;
  }

  keyFor(intent: string): string {
    const known = this.#open.get(intent);
    if (known !== undefined) return known;
    const key = this.#newKey();
    this.#open.set(intent, key);
    return key;
  }

  /** The server answered, yes or no: the next press is a new intention. */
  settle(intent: string): void {
    this.#open.delete(intent);
  }
}
