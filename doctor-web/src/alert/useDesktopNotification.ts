import { useEffect, useState } from 'react';

/**
 * The desktop's own notification, for whoever looks at another window.
 * @param text null: nothing to say; it goes away then
 * @param tag one at a time of each
 * @returns asks for the permission; null where that was answered, or can't be asked
 */
export function useDesktopNotification(text: string | null, tag: string): (() => void) | null {
  const supported = typeof Notification !== 'undefined';
  const [permission, setPermission] = useState(supported ? Notification.permission : 'denied');
  useEffect(() => {
    if (text === null || permission !== 'granted') return;
    const shown = new Notification(text, { tag, requireInteraction: true });
    shown.addEventListener('click', () => window.focus());
    return () => shown.close();
  }, [text, tag, permission]);
  if (permission !== 'default') return null;
  return () => void Notification.requestPermission().then(setPermission);
}
