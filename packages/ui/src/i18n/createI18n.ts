import type { Face, Locale } from '@cloud-hospital/protocol';
import { createInstance, type BackendModule, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isNamespace, loadCatalogue, type Namespace } from './catalogues.ts';
import { DEFAULT_LOCALE, rememberedLocale, rememberLocale, toLocale } from './locale.ts';

const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

const backend: BackendModule = {
  type: 'backend',
  init() {
    // Nothing to prepare: every catalogue is a chunk of the build.
  },
  read(language, namespace, callback) {
    if (!isNamespace(namespace)) {
      callback(new RangeError(`no such namespace: ${namespace}`), null);
      return;
    }
    loadCatalogue(toLocale(language), namespace).then(
      (catalogue) => callback(null, catalogue),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  },
};

export interface I18nOptions {
  readonly face: Face;
  /** Loaded with the first page; `common` always is. Others arrive when a component first uses them. */
  readonly namespaces?: readonly Namespace[];
}

/** Sets `lang` and `data-face` on <html>, remembers a switch, and resolves when the first texts are there. */
export async function createI18n({ face, namespaces = [face] }: I18nOptions): Promise<I18n> {
  const i18n = createInstance();
  document.documentElement.dataset['face'] = face;
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: rememberedLocale(),
      fallbackLng: DEFAULT_LOCALE,
      supportedLngs: LOCALES,
      load: 'currentOnly',
      ns: ['common', ...namespaces],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
  return i18n;
}

export async function switchLocale(i18n: I18n, locale: Locale): Promise<void> {
  rememberLocale(locale);
  await i18n.changeLanguage(locale);
}
