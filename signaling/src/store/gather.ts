/**
 * Turns a reading of many keys into one of a single key: what is asked for within one turn of the event loop is read
 * together. The reading begins after the question, so that the answer is as fresh as one of its own.
 */
export function gather<Key, Value>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let asked: Set<Key> | undefined;
  let answers: Promise<ReadonlyMap<Key, Value>> | undefined;
  return async (key) => {
    if (asked === undefined || answers === undefined) {
      const keys = new Set<Key>();
      asked = keys;
      answers = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        asked = undefined;
        answers = undefined;
        return read([...keys]);
      });
    }
    asked.add(key);
    return (await answers).get(key);
  };
}

/**
 * The same with one reading at a time: what is asked for while one runs is read together after it. For readings that
 * are dear enough for a short wait to be cheaper than a second one.
 */
export function gatherInTurn<Key, Value>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let running: Promise<unknown> = Promise.resolve();
  let next: { readonly keys: Set<Key>; readonly answers: Promise<ReadonlyMap<Key, Value>> } | undefined;
  return async (key) => {
    if (next === undefined) {
      const keys = new Set<Key>();
      const before = running;
      const answers = (async () => {
        await before;
        await new Promise<void>((resolve) => setImmediate(resolve));
        next = undefined;
        return read([...keys]);
      })();
      next = { keys, answers };
      // Whether it fails is for those who asked.
      running = answers.catch(() => undefined);
    }
    const { keys, answers } = next;
    keys.add(key);
    return (await answers).get(key);
  };
}
