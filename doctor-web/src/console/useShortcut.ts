import { useEffect } from 'react';

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="textbox"], [role="combobox"]';
const PRESSABLE = 'button, a, summary, [role="button"], [role="menuitem"], [role="radio"], label';

/** Some stay in the page, hidden, after they were closed. */
const isOpenDialog = (): boolean =>
  [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].some((dialog) => dialog.checkVisibility());

/**
 * A key that works anywhere on the page, except where it means something else: while typing, on a focused button
 * (Space presses it), and behind an open dialog.
 * @param code KeyboardEvent.code, e.g. `Space`
 */
export function useShortcut(code: string, onPress: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.code !== code || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof Element && (target.closest(TYPING) !== null || target.closest(PRESSABLE) !== null)) return;
      if (isOpenDialog()) return;
      event.preventDefault();
      onPress();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [code, onPress]);
}
