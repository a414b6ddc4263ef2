/**
 * Counts connections by address. Only strangers and residents count: a clinic's terminals, or a hospital's consoles,
 * share one address and are known by their session.
 */
export class AddressQuota {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  /** @param limit connections of one address that count */
  constructor(limit: number) {
    this.#limit = limit;
  }

  isFull(address: string): boolean {
    return (this.#counts.get(address) ?? 0) >= this.#limit;
  }

  /** @returns what takes the connection out of the count again; idempotent */
  count(address: string): () => void {
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      const left = (this.#counts.get(address) ?? 1) - 1;
      if (left > 0) this.#counts.set(address, left);
      else this.#counts.delete(address);
    };
  }
}
