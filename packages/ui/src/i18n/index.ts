import './i18next.types.ts';

export { loadCatalogue, NAMESPACES, type Namespace } from './catalogues.ts';
export { createI18n, type I18nOptions, switchLocale } from './createI18n.ts';
export { DEFAULT_LOCALE, rememberedLocale, toLocale } from './locale.ts';
export { pick, useLocale, usePick } from './localized.ts';
