import type { Locale } from '@cloud-hospital/protocol';
import type { ResourceLanguage } from 'i18next';

export const NAMESPACES = [
  'common',
  'resident',
  'terminal',
  'console',
  'call',
  'people',
  'exchange',
  'guest',
  'callPeople',
  'deviceCheck',
  'phoneVisit',
] as const;
export type Namespace = (typeof NAMESPACES)[number];
export const isNamespace = (text: string): text is Namespace => NAMESPACES.some((namespace) => namespace === text);

type Load = () => Promise<{ default: ResourceLanguage }>;

/** Each file is its own chunk: a face loads its namespace in one language and nothing of the others. */
const LOADERS: { readonly [L in Locale]: { readonly [N in Namespace]: Load } } = {
  'zh-CN': {
    common: () => import('./zh-CN/common.json'),
    resident: () => import('./zh-CN/resident.json'),
    terminal: () => import('./zh-CN/terminal.json'),
    console: () => import('./zh-CN/console.json'),
    call: () => import('./zh-CN/call.json'),
    people: () => import('./zh-CN/people.json'),
    exchange: () => import('./zh-CN/exchange.json'),
    guest: () => import('./zh-CN/guest.json'),
    callPeople: () => import('./zh-CN/callPeople.json'),
    deviceCheck: () => import('./zh-CN/deviceCheck.json'),
    phoneVisit: () => import('./zh-CN/phoneVisit.json'),
  },
  en: {
    common: () => import('./en/common.json'),
    resident: () => import('./en/resident.json'),
    terminal: () => import('./en/terminal.json'),
    console: () => import('./en/console.json'),
    call: () => import('./en/call.json'),
    people: () => import('./en/people.json'),
    exchange: () => import('./en/exchange.json'),
    guest: () => import('./en/guest.json'),
    callPeople: () => import('./en/callPeople.json'),
    deviceCheck: () => import('./en/deviceCheck.json'),
    phoneVisit: () => import('./en/phoneVisit.json'),
  },
};

export const loadCatalogue = async (locale: Locale, namespace: Namespace): Promise<ResourceLanguage> =>
  (await LOADERS[locale][namespace]()).default;
