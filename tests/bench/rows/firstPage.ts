import { z } from 'zod';
import { launchChromium, openFace } from '../../support/chromium.ts';
import type { Row } from '../Row.ts';
import { ms, percentile } from '../statistics.ts';

const LOADS = 5;
/** Slow 4G of a cheap phone: 1.6 Mbit/s, 150 ms, a quarter of this machine's CPU. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const CPU_SLOWDOWN = 4;

const Measured = z.object({ largest: z.number(), bytes: z.number() });
/** Runs in the page, whose types this program doesn't know. */
const MEASURE = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const scripts = performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('.js'));
    resolve({
      largest: list.getEntries().at(-1).startTime,
      bytes: scripts.reduce((sum, entry) => sum + entry.encodedBodySize, 0),
    });
  }).observe({ type: 'largest-contentful-paint', buffered: true });
})`;

/** Row 13: the resident's first page, empty cache each time. Bytes as they came over the wire (gzip or not). */
export async function firstPageRow(url: string): Promise<Row> {
  const browser = await launchChromium();
  const paints: number[] = [];
  let scriptBytes = 0;
  try {
    for (let load = 0; load < LOADS; load += 1) {
      const { context, page } = await openFace(browser, { baseURL: url, face: 'resident' });
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', NETWORK);
      await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
      await page.goto('/');
      await page.getByTestId('sign-in-phone').waitFor();
      const measured = Measured.parse(await page.evaluate(MEASURE));
      paints.push(measured.largest);
      scriptBytes = measured.bytes;
      await context.close();
    }
  } finally {
    await browser.close();
  }
  const kilobytes = scriptBytes / 1000;
  return {
    number: 13,
    metric: 'first page of the resident, slow 4G phone (CPU ×4, 1.6 Mbit/s, 150 ms)',
    goal: 'JS ≤ 180 kB, LCP ≤ 2.0 s',
    result: `JS ${Math.round(kilobytes)} kB over the wire, LCP median ${ms(percentile(paints, 50))}, worst ${ms(Math.max(...paints))}`,
    yardstick: 'React alone: 66 kB gzipped',
    figures: { scriptBytes, lcpMedianMs: percentile(paints, 50), lcpWorstMs: Math.max(...paints) },
  };
}
