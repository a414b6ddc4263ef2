import call from '../../packages/ui/src/i18n/zh-CN/call.json' with { type: 'json' };
import callPeople from '../../packages/ui/src/i18n/zh-CN/callPeople.json' with { type: 'json' };
import common from '../../packages/ui/src/i18n/zh-CN/common.json' with { type: 'json' };
import console from '../../packages/ui/src/i18n/zh-CN/console.json' with { type: 'json' };
import deviceCheck from '../../packages/ui/src/i18n/zh-CN/deviceCheck.json' with { type: 'json' };
import exchange from '../../packages/ui/src/i18n/zh-CN/exchange.json' with { type: 'json' };
import guest from '../../packages/ui/src/i18n/zh-CN/guest.json' with { type: 'json' };
import phoneVisit from '../../packages/ui/src/i18n/zh-CN/phoneVisit.json' with { type: 'json' };
import resident from '../../packages/ui/src/i18n/zh-CN/resident.json' with { type: 'json' };
import terminal from '../../packages/ui/src/i18n/zh-CN/terminal.json' with { type: 'json' };

/** What people read on the pages, from the catalogues themselves: a journey finds a button by its words. */
export const words = {
  call,
  callPeople,
  common,
  console,
  deviceCheck,
  exchange,
  guest,
  phoneVisit,
  resident,
  terminal,
} as const;
