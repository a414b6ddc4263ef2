import type { Locale } from '@cloud-hospital/protocol';

const LOCALE_KEY = 'ch.locale';
export const DEFAULT_LOCALE: Locale = 'zh-CN';

export const toLocale = (language: string | null | undefined): Locale => (language === 'en' ? 'en' : DEFAULT_LOCALE);

/** What the person chose last on this browser. Chinese until they choose: the browser's own language says little on a shared PC. */
export const rememberedLocale = (): Locale => toLocale(localStorage.getItem(LOCALE_KEY));

export const rememberLocale = (locale: Locale): void => localStorage.setItem(LOCALE_KEY, locale);
