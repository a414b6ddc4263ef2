/** Network Information API, where the browser has it (W3C draft; Chromium). `type` only on mobile devices. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

const networkInformation = (): NetworkInformation | undefined => {
  const { navigator } = globalThis;
  return navigator && 'connection' in navigator && navigator.connection instanceof EventTarget
    ? navigator.connection
    : undefined;
};

/**
 * The network came back or is another one (Wi-Fi → 4G): whatever was connected under the old address is probably dead,
 * and nobody will say so for many seconds.
 * @returns the matching `off`
 */
export function onNetworkChange(listener: () => void): () => void {
  const connection = networkInformation();
  let type = connection?.type;
  // The event also tells each new estimate of the bandwidth, which is of no interest here.
  const changed = (): void => {
    if (connection?.type === type) return;
    type = connection?.type;
    if (type !== 'none') listener();
  };
  globalThis.addEventListener?.('online', listener);
  connection?.addEventListener('change', changed);
  return () => {
    globalThis.removeEventListener?.('online', listener);
    connection?.removeEventListener('change', changed);
  };
}
