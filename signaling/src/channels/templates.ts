import type { Locale } from '@cloud-hospital/protocol';

/**
 * Messages to phones, by kind. Each has its values by name; carriers register the same texts with the same names.
 * No complaint, diagnosis or department: a message is read on a lock screen, by whoever holds the phone.
 */
const TEMPLATES = {
  'login-code': {
    'zh-CN': '【云医院】您的登录验证码是 {code}，{minutes} 分钟内有效。请勿告诉他人。',
    en: '[Cloud Hospital] Your sign-in code is {code}, good for {minutes} minutes. Tell it to nobody.',
  },
  'appointment-booked': {
    'zh-CN': '【云医院】预约成功：{time}，{specialist}，就诊地点 {clinic}，就诊号 {ticket}。请提前 15 分钟到达。',
    en: '[Cloud Hospital] Booked: {time}, {specialist}, at {clinic}, ticket {ticket}. Please come 15 minutes early.',
  },
  'appointment-reminder': {
    'zh-CN': '【云医院】就诊提醒：{time}，{specialist}，就诊地点 {clinic}，就诊号 {ticket}。',
    en: '[Cloud Hospital] Reminder: {time}, {specialist}, at {clinic}, ticket {ticket}.',
  },
  'appointment-reminder-late': {
    'zh-CN':
      '【云医院】就诊提醒（因系统故障，这条提醒发晚了，抱歉）：{time}，{specialist}，就诊地点 {clinic}，就诊号 {ticket}。',
    en: '[Cloud Hospital] Reminder, late because of a fault on our side, sorry: {time}, {specialist}, at {clinic}, ticket {ticket}.',
  },
  'appointment-moved': {
    'zh-CN':
      '【云医院】改约成功：原 {before} 的预约改到 {time}，{specialist}，就诊地点 {clinic}，新就诊号 {ticket}，旧号作废。',
    en: '[Cloud Hospital] Moved: your appointment of {before} is now {time}, {specialist}, at {clinic}, new ticket {ticket}; the old one is void.',
  },
  'waitlist-offer': {
    'zh-CN': '【云医院】候补有号了：{time}，{specialist}。请在 {minutes} 分钟内登录云医院确认，过时将让给下一位。',
    en: '[Cloud Hospital] A time became free: {time}, {specialist}. Confirm online within {minutes} minutes, then it goes to the next person.',
  },
  'waitlist-ended': {
    'zh-CN': '【云医院】您对 {specialist} 的候补已结束，没有再占用名额。需要时请重新预约或候补。',
    en: '[Cloud Hospital] Your place on the waiting list of {specialist} has ended. Book or join again whenever you need to.',
  },
  'turn-soon': {
    'zh-CN': '【云医院】快轮到您了：就诊号 {ticket}，前面还有 {ahead} 位。请在 {clinic} 等候，不要走远。',
    en: '[Cloud Hospital] Your turn is near: ticket {ticket}, {ahead} ahead of you. Please stay at {clinic}.',
  },
  'promise-moved': {
    'zh-CN':
      '【云医院】就诊号 {ticket}：原定 {before} 叫到您，现预计 {time}。原因：{reason}。很抱歉让您久等；不便等候可登录云医院改约。',
    en: '[Cloud Hospital] Ticket {ticket}: you were promised {before}; it is now {time}. Reason: {reason}. We are sorry. You can book another time online.',
  },
  'promise-open': {
    'zh-CN':
      '【云医院】就诊号 {ticket}：原定 {before} 叫到您，现在要推迟，新时间确定后马上告诉您。原因：{reason}。不便等候可登录云医院改约。',
    en: '[Cloud Hospital] Ticket {ticket}: you were promised {before}; it will be later, and we tell you as soon as we know when. Reason: {reason}. You can book another time online.',
  },
  'appointment-cancelled': {
    'zh-CN': '【云医院】您 {time} 与 {specialist} 的预约已取消。',
    en: '[Cloud Hospital] Your appointment with {specialist} at {time} is cancelled.',
  },
  'schedule-changed': {
    'zh-CN':
      '【云医院】很抱歉，{specialist} {time} 的门诊有变动。请于 {deadline} 前登录云医院选择其他专家或时间，也可请社区站代选。',
    en: '[Cloud Hospital] Sorry, {specialist} can’t see you at {time}. Please choose another time or specialist online by {deadline}, or ask your clinic.',
  },
  'schedule-change-withdrawn': {
    'zh-CN': '【云医院】{specialist} {time} 的门诊已恢复，您的预约时间不变，就诊地点 {clinic}，就诊号 {ticket}。',
    en: '[Cloud Hospital] {specialist} sees you at {time} after all, at {clinic}, ticket {ticket}. Nothing changes.',
  },
  'schedule-change-lapsed': {
    'zh-CN':
      '【云医院】{specialist} {time} 的门诊有变动，我们没有收到您的选择，该预约已取消。请重新预约，或联系社区站。',
    en: '[Cloud Hospital] {specialist} can’t see you at {time} and we had no answer, so it is cancelled. Please book again or ask your clinic.',
  },
  'schedule-change-unanswered': {
    'zh-CN': '【云医院】{specialist} {time}（{ticket}）的门诊变动还没有答复，请联系居民。',
    en: '[Cloud Hospital] No answer yet to the changed appointment of {specialist} at {time} ({ticket}). Please call.',
  },
  'family-code': {
    'zh-CN':
      '【云医院】{holder} 想替您预约并查看您的看诊信息。同意请把确认码 {code} 告诉对方，{minutes} 分钟内有效；不认识请不要告诉任何人。',
    en: '[Cloud Hospital] {holder} asks to book for you and to see your visits. If you agree, tell them the code {code} within {minutes} minutes; if you do not know them, tell nobody.',
  },
  'family-started': {
    'zh-CN': '【云医院】{holder} 从现在起可以替您预约并查看看诊信息。您随时可以登录云医院或到社区诊室停止。',
    en: '[Cloud Hospital] {holder} can now book for you and see your visits. You can stop this online or at any clinic at any time.',
  },
  'family-ended': {
    'zh-CN': '【云医院】您与 {other} 的家人代办已停止，双方不再能看到对方的看诊信息。',
    en: '[Cloud Hospital] You and {other} no longer act for each other in Cloud Hospital.',
  },
  'helper-link': {
    'zh-CN':
      '【云医院】{patient} 请您陪同看诊。{hours} 小时内用手机打开，可查看就诊号和候诊进度，只能在一台手机上打开：{link}',
    en: '[Cloud Hospital] {patient} asks you to accompany a visit. Open within {hours} hours, on one phone, to see ticket and place: {link}',
  },
  'guest-link': {
    'zh-CN': '【云医院】{patient} 的会诊请您视频加入。请在 {minutes} 分钟内用一台手机打开，不要转发：{link}',
    en: '[Cloud Hospital] You are asked to join the consultation of {patient} by video. Open within {minutes} minutes, on one phone, and do not forward: {link}',
  },
  'running-late': {
    'zh-CN': '【云医院】{specialist} 的门诊比预计晚约 {minutes} 分钟，请留意最新的就诊时间。',
    en: '[Cloud Hospital] {specialist} is running about {minutes} minutes late. Please watch your new time.',
  },
  'specialist-late': {
    'zh-CN':
      '【云医院】{specialist} 未能按时出诊，您的位置保留。可在候诊页面一键改由其他专家接诊，也可改约；在社区站的请告诉工作人员。',
    en: '[Cloud Hospital] {specialist} has not begun on time. Your place is kept. On your waiting page one tap takes you to another specialist, or rebook; at the clinic, tell the staff.',
  },
  'handed-over': {
    'zh-CN': '【云医院】您（{ticket} 号）改由 {specialist} 接诊，仍按原来的时间排队，请留在原社区站。',
    en: '[Cloud Hospital] Ticket {ticket} will now be seen by {specialist}, in line by your original time, at the same clinic.',
  },
  'handed-to-pool': {
    'zh-CN': '【云医院】您（{ticket} 号）改由同科室最先有空的专家接诊，仍按原来的时间排队，请留在原社区站。',
    en: '[Cloud Hospital] Ticket {ticket} will be seen by whichever specialist of the same field is free first, in line by your original time.',
  },
  'report-ready': {
    'zh-CN': '【云医院】{specialist} 已签署您的会诊意见，请登录云医院查看，或到社区站领取打印件。',
    en: '[Cloud Hospital] {specialist} signed your consultation report. Read it online or collect a print at the clinic.',
  },
} as const satisfies Record<string, Record<Locale, string>>;

/** The same kinds where the person is seen at their own phone and comes to no clinic; values of the kind's own, or fewer. */
const PHONE_TEMPLATES = {
  'appointment-booked': {
    'zh-CN':
      '【云医院】预约成功：{time}，{specialist}，用手机看诊，就诊号 {ticket}。到时请登录云医院用手机签到，不用去诊室。',
    en: '[Cloud Hospital] Booked: {time}, {specialist}, by phone, ticket {ticket}. Check in online on the phone before it; no need to come to the clinic.',
  },
  'appointment-reminder': {
    'zh-CN': '【云医院】就诊提醒：{time}，{specialist}，用手机看诊，就诊号 {ticket}。请在看诊前登录云医院用手机签到。',
    en: '[Cloud Hospital] Reminder: {time}, {specialist}, by phone, ticket {ticket}. Check in online on the phone before it.',
  },
  'appointment-reminder-late': {
    'zh-CN':
      '【云医院】就诊提醒（因系统故障，这条提醒发晚了，抱歉）：{time}，{specialist}，用手机看诊，就诊号 {ticket}。请在看诊前登录云医院用手机签到。',
    en: '[Cloud Hospital] Reminder, late because of a fault on our side, sorry: {time}, {specialist}, by phone, ticket {ticket}. Check in online on the phone before it.',
  },
  'appointment-moved': {
    'zh-CN':
      '【云医院】改约成功：原 {before} 的预约改到 {time}，{specialist}，用手机看诊，新就诊号 {ticket}，旧号作废。',
    en: '[Cloud Hospital] Moved: your appointment of {before} is now {time}, {specialist}, by phone, new ticket {ticket}; the old one is void.',
  },
  'turn-soon': {
    'zh-CN': '【云医院】快轮到您了：就诊号 {ticket}，前面还有 {ahead} 位。请打开云医院的候诊页面，留在手机旁。',
    en: '[Cloud Hospital] Your turn is near: ticket {ticket}, {ahead} ahead of you. Please open your waiting page and stay by the phone.',
  },
  'schedule-change-withdrawn': {
    'zh-CN': '【云医院】{specialist} {time} 的门诊已恢复，您的预约时间不变，仍用手机看诊，就诊号 {ticket}。',
    en: '[Cloud Hospital] {specialist} sees you at {time} after all, by phone, ticket {ticket}. Nothing changes.',
  },
  'handed-over': {
    'zh-CN': '【云医院】您（{ticket} 号）改由 {specialist} 接诊，仍按原来的时间排队，仍用手机看诊，请让候诊页面开着。',
    en: '[Cloud Hospital] Ticket {ticket} will now be seen by {specialist}, in line by your original time, still by phone. Please keep the waiting page open.',
  },
} as const satisfies { readonly [Kind in keyof typeof TEMPLATES]?: Record<Locale, string> };

/** Messages to the person whom they concern. */
export type PersonalKind = keyof typeof TEMPLATES;
type PhoneKind = `${keyof typeof PHONE_TEMPLATES}-phone`;
type WrittenKind = PersonalKind | PhoneKind;
/** The same to the family member who booked for that person. */
type ProxyKind = `${WrittenKind}-proxy`;
export type MessageKind = WrittenKind | ProxyKind;

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;
/** The values a kind needs, by name. */
export type MessageParams<Kind extends PersonalKind> = Readonly<
  Record<Placeholder<(typeof TEMPLATES)[Kind]['zh-CN']>, string>
>;

const SENDER = { 'zh-CN': '【云医院】', en: '[Cloud Hospital] ' } as const satisfies Record<Locale, string>;
const ABOUT = { 'zh-CN': '家人 {patient}：', en: 'About {patient}: ' } as const satisfies Record<Locale, string>;

const PHONE = '-phone';
const isPersonal = (text: string): text is PersonalKind => Object.hasOwn(TEMPLATES, text);
const hasPhoneText = (text: string): text is keyof typeof PHONE_TEMPLATES => Object.hasOwn(PHONE_TEMPLATES, text);
const isPhone = (text: string): text is PhoneKind => text.endsWith(PHONE) && hasPhoneText(text.slice(0, -PHONE.length));
const isWritten = (text: string): text is WrittenKind => isPersonal(text) || isPhone(text);

/** The kind as it is said to whoever is seen at their own phone, where that is said otherwise. */
export const kindFor = (kind: PersonalKind, byPhone: boolean): WrittenKind =>
  byPhone && hasPhoneText(kind) ? `${kind}-phone` : kind;

function templateFor(kind: WrittenKind, locale: Locale): string {
  if (isPersonal(kind)) return TEMPLATES[kind][locale];
  const personal = kind.slice(0, -PHONE.length);
  return hasPhoneText(personal) ? PHONE_TEMPLATES[personal][locale] : '';
}

/** The personal template with whom it is about in front. */
const proxyTemplate = (kind: WrittenKind, locale: Locale): string =>
  templateFor(kind, locale).replace(SENDER[locale], `${SENDER[locale]}${ABOUT[locale]}`);

const fill = (template: string, params: Readonly<Record<string, string>>): string => {
  let text = template;
  for (const [name, value] of Object.entries(params)) text = text.replaceAll(`{${name}}`, value);
  return text;
};

/** Fills the kind's template. */
export const compose = <Kind extends PersonalKind>(
  kind: Kind,
  params: MessageParams<Kind>,
  locale: Locale = 'zh-CN',
): string => fill(TEMPLATES[kind][locale], params);

/** Fills the template of a kind that `kindFor` chose; the values are the personal kind's. */
export const composeFor = (
  kind: WrittenKind,
  params: Readonly<Record<string, string>>,
  locale: Locale = 'zh-CN',
): string => fill(templateFor(kind, locale), params);

/** Fills the template for the family member who booked; the values are the personal kind's and `patient`. */
export const composeForProxy = (
  kind: WrittenKind,
  params: Readonly<Record<string, string>> & { readonly patient: string },
  locale: Locale = 'zh-CN',
): string => fill(proxyTemplate(kind, locale), params);

const PROXY = '-proxy';
const isProxy = (text: string): text is ProxyKind => text.endsWith(PROXY) && isWritten(text.slice(0, -PROXY.length));

/** Reads a kind back from the database. */
export const isMessageKind = (text: string): text is MessageKind => isWritten(text) || isProxy(text);

const templateOf = (kind: MessageKind): string => {
  if (isWritten(kind)) return templateFor(kind, 'zh-CN');
  const written = kind.slice(0, -PROXY.length);
  return isWritten(written) ? proxyTemplate(written, 'zh-CN') : '';
};

/** The names of a kind's values in the order of its Chinese text: carriers that number them want this order. */
export const placeholdersOf = (kind: MessageKind): string[] =>
  [...templateOf(kind).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
