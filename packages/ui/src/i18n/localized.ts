import type { Locale, LocalizedText } from '@cloud-hospital/protocol';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocale } from './locale.ts';

/** English falls back to Chinese where it is empty. */
export const pick = (text: LocalizedText, locale: Locale): string =>
  locale === 'en' && text.en !== '' ? text.en : text.zh;

export function useLocale(): Locale {
  return toLocale(useTranslation().i18n.language);
}

/** `const pick = usePick(); pick(specialist.title)`. */
export function usePick(): (text: LocalizedText) => string {
  const locale = useLocale();
  return useCallback((text) => pick(text, locale), [locale]);
}
