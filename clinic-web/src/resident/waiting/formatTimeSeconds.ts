import type { Locale } from '@cloud-hospital/protocol';
import { ZONE } from '@cloud-hospital/ui';

/** `10:12:30`: seconds, because a minute that stands still proves nothing. */
export const formatTimeSeconds = (at: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: ZONE,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
