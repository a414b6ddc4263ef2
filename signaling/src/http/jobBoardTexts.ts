import type { Request } from 'express';

/** What bull-board's pages are given to say, beside its own catalogues. */
interface JobBoardTexts {
  /** Of bull-board's own catalogue. */
  readonly lng: string;
  readonly title: string;
  readonly table: { readonly displayName: string; readonly description: string };
  readonly wakeUps: string;
}

export const JOB_BOARD_TEXTS = {
  'zh-CN': {
    lng: 'zh-CN',
    title: '任务',
    table: { displayName: '任务表（PostgreSQL）', description: '以此表为准，失败的任务可以重试。' },
    wakeUps: '唤醒（Redis）',
  },
  en: {
    lng: 'en-GB',
    title: 'Jobs',
    table: { displayName: 'Jobs (PostgreSQL)', description: 'What is true; a failed job can be run again.' },
    wakeUps: 'Wake-ups (Redis)',
  },
} as const satisfies Record<string, JobBoardTexts>;
export type JobBoardLocale = keyof typeof JOB_BOARD_TEXTS;

/** The browser's own language: the page is not part of the console, which keeps its choice to itself. */
export const jobBoardLocale = (request: Request): JobBoardLocale =>
  request.acceptsLanguages('zh-CN', 'zh', 'en') === 'en' ? 'en' : 'zh-CN';
