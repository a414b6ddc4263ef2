import type call from './zh-CN/call.json';
import type callPeople from './zh-CN/callPeople.json';
import type common from './zh-CN/common.json';
import type deviceCheck from './zh-CN/deviceCheck.json';
import type phoneVisit from './zh-CN/phoneVisit.json';
import type console from './zh-CN/console.json';
import type exchange from './zh-CN/exchange.json';
import type guest from './zh-CN/guest.json';
import type people from './zh-CN/people.json';
import type resident from './zh-CN/resident.json';
import type terminal from './zh-CN/terminal.json';

/** Keys are checked against the Chinese catalogues: an unknown key is a compile error. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      common: typeof common;
      resident: typeof resident;
      terminal: typeof terminal;
      console: typeof console;
      call: typeof call;
      people: typeof people;
      exchange: typeof exchange;
      guest: typeof guest;
      callPeople: typeof callPeople;
      deviceCheck: typeof deviceCheck;
      phoneVisit: typeof phoneVisit;
    };
  }
}
