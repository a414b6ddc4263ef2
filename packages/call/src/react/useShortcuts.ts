import { useEffect, useEffectEvent } from 'react';

/** Single keys, compared without case. */
export type Shortcuts<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>;
export type CallShortcuts = Shortcuts<'microphone' | 'camera' | 'hangUp'>;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="combobox"]'));

/** Behind a dialog that is open, keys mean nothing. Some stay in the page, hidden, after they were closed. */
const isOpenDialog = (): boolean =>
  [...document.querySelectorAll('[role="dialog"][aria-modal="true"], dialog[open]')].some((dialog) =>
    dialog.checkVisibility(),
  );

/** Listens to single keys while `enabled`, never while somebody types or holds a modifier. */
export function useShortcuts<Name extends string>(
  enabled: boolean,
  shortcuts: Shortcuts<Name>,
  actions: Readonly<Record<Name, () => void>>,
): void {
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (isOpenDialog()) return;
    const key = event.key.toLowerCase();
    for (const name in actions) {
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
