import './i18next.types.ts';

export { loadCatalogue, NAMESPACES, type Namespace } from './catalogues.ts';
export { createI18n, DEFAULT_LOCALE, type I18nOptions, switchLocale, toLocale } from './createI18n.ts';
export { pick, useLocale, usePick } from './localized.ts';
