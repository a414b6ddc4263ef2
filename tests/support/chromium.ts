import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's Chromium unless CHROMIUM_PATH says otherwise. */
const executablePath = (): string => process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A window in the background must not be throttled: a terminal waits for hours behind another tab.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** What Chromium's fake camera and microphone play, in a loop. */
export interface FakeMedia {
  /** Motion JPEG or YUV4MPEG2. */
  readonly video: string;
  /** WAV, 48 kHz mono. */
  readonly audio: string;
}

export interface LaunchOptions {
  /** Without it the browser has no camera and no microphone. */
  readonly media?: FakeMedia;
  /**
   * Chromium's own test cameras instead, of every size up to 4K, and a screen to share. The fewest frames a second that
   * they can give: most of a test's time would go into encoding 720p.
   */
  readonly testCameras?: number;
  /** `deny` refuses camera and microphone as a person would. */
  readonly permission?: 'grant' | 'deny';
  readonly args?: readonly string[];
  /** Another program than Debian's Chromium, e.g. one that runs it in a network of its own. */
  readonly program?: string;
}

/** One browser process: fake devices are a property of the process. */
export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const devices =
    options.media === undefined
      ? options.testCameras === undefined
        ? []
        : [`--use-fake-device-for-media-stream=device-count=${options.testCameras},fps=5`]
      : [
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-video-capture=${options.media.video}`,
          `--use-file-for-fake-audio-capture=${options.media.audio}`,
        ];
  const permission = options.permission === 'deny' ? ['--deny-permission-prompts'] : ['--use-fake-ui-for-media-stream'];
  return chromium.launch({
    executablePath: options.program ?? executablePath(),
    headless: true,
    args: [...QUIET, ...devices, ...permission, ...(options.args ?? [])],
  });
}

/** The faces' screens. */
export const SCREENS = {
  resident: { width: 390, height: 844 },
  terminal: { width: 1280, height: 800 },
  console: { width: 1440, height: 900 },
  guest: { width: 390, height: 844 },
} as const;

export interface FaceOptions {
  readonly baseURL: string;
  readonly face: keyof typeof SCREENS;
  readonly locale?: 'zh-CN' | 'en';
  /** Granted beforehand; the others are asked for, see `LaunchOptions.permission`. */
  readonly permissions?: readonly ('notifications' | 'camera' | 'microphone')[];
}

export async function openFace(
  browser: Browser,
  options: FaceOptions,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    baseURL: options.baseURL,
    viewport: SCREENS[options.face],
    locale: options.locale ?? 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: options.face !== 'console',
    isMobile: options.face === 'resident' || options.face === 'guest',
    ignoreHTTPSErrors: true,
    permissions: [...(options.permissions ?? ['notifications'])],
  });
  return { context, page: await context.newPage() };
}

/** What a page complained about: kept by tests, which expect none. */
export function watchErrors(page: Page): { readonly errors: string[] } {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`pageerror: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()}`);
  });
  return { errors };
}
