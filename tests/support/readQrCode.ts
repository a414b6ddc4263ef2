import jsQR from 'jsqr';
import type { Locator } from 'playwright-core';

const PIXELS_PER_MODULE = 4;
const QUIET_MODULES = 4;

/** Reads a QR code as a camera before the page would: from the modules that are drawn. */
export async function readQrCode(svg: Locator): Promise<string> {
  const [drawn, viewBox] = await Promise.all([svg.locator('path').getAttribute('d'), svg.getAttribute('viewBox')]);
  const modules = Number(viewBox?.split(' ').at(-1) ?? 0) - 2 * QUIET_MODULES;
  const side = (modules + 2 * QUIET_MODULES) * PIXELS_PER_MODULE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, column = '', row = ''] of (drawn ?? '').matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    const left = (Number(column) + QUIET_MODULES) * PIXELS_PER_MODULE;
    const top = (Number(row) + QUIET_MODULES) * PIXELS_PER_MODULE;
    for (let y = top; y < top + PIXELS_PER_MODULE; y += 1) {
      for (let x = left; x < left + PIXELS_PER_MODULE; x += 1)
        pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  const code = jsQR.default(pixels, side, side);
  if (code === null) throw new Error('The QR code on the page can’t be read.');
  return code.data;
}
