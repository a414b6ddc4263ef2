import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** WCAG 2.2 A and AA, and axe's own best practices: all rules that are on by default. */
export async function axeViolations(page: Page, where: string): Promise<string[]> {
  await untilStill(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const [, detail] = (failureSummary ?? '').split('\n');
      return `${where}: ${id}: ${help}: ${target.join(' ')} (${detail?.trim() ?? ''})`;
    }),
  );
}

const STILL_TIMEOUT_MS = 3_000;
/** Endless ones, such as a spinner's, don't count. */
const IS_STILL = `document.getAnimations().every(({ playState, effect }) =>
  playState !== 'running' || effect?.getTiming().iterations === Infinity)`;

/** What still fades or slides would be judged by its colours of half-way. */
async function untilStill(page: Page): Promise<void> {
  const until = performance.now() + STILL_TIMEOUT_MS;
  // Polled from here: the page's security policy lets nothing be evaluated inside.
  while (!(await page.evaluate<boolean>(IS_STILL)) && performance.now() < until) await page.waitForTimeout(50);
}
