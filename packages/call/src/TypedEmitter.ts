type Listener<Arguments extends readonly unknown[]> = (...args: Arguments) => void;

/**
 * A small typed emitter for browsers. `on` returns its own `off`, so that whoever subscribes holds what unsubscribes.
 * Listeners run in order of subscription; one that throws doesn't keep the others from hearing (the error is
 * reported through `reportError`, i.e. as an uncaught error of the page, never swallowed).
 */
export class TypedEmitter<Events extends { [Name in keyof Events]: readonly unknown[] }> {
  readonly #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const set = (this.#listeners[name] ??= new Set());
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }

  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(...args);
      } catch (error) {
        globalThis.reportError?.(error);
      }
    }
  }

  listenerCount(name: keyof Events): number {
    return this.#listeners[name]?.size ?? 0;
  }

  removeAll(): void {
    for (const name in this.#listeners) delete this.#listeners[name];
  }
}
