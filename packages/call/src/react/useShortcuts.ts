import { useEffect, useEffectEvent } from 'react';

type ShortcutName = 'microphone' | 'camera' | 'hangUp';
/** Single keys, compared without case. */
export type CallShortcuts = Readonly<Partial<Record<ShortcutName, string>>>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="combobox"]'));

/** Listens to single keys while `enabled`, never while somebody types or holds a modifier. */
export function useShortcuts(
  enabled: boolean,
  shortcuts: CallShortcuts,
  actions: Readonly<Record<ShortcutName, () => void>>,
): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    for (const name of ['microphone', 'camera', 'hangUp'] as const) {
      if (shortcuts[name]?.toLowerCase() !== key) continue;
      event.preventDefault();
      actions[name]();
    }
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const listener = (event: KeyboardEvent): void => pressed(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [enabled]);
}
