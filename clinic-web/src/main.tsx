import '@cloud-hospital/ui/tokens.css';
import '@cloud-hospital/ui/base.css';
import '@cloud-hospital/ui/components.css';
import { loadCatalogue, rememberedLocale } from '@cloud-hospital/ui/i18n';
import './page.css';

/** One build, two faces: a phone never loads the terminal's code. Going from one to the other is a page load. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new TypeError('no #root in the page');
  const isTerminal = /^\/terminal(\/|$)/.test(window.location.pathname);
  // Texts travel beside the code that shows them, not after it; whoever needs them asks again and finds them there.
  for (const namespace of ['common', isTerminal ? 'terminal' : 'resident'] as const) {
    loadCatalogue(rememberedLocale(), namespace).catch(() => undefined);
  }
  const { mount } = isTerminal ? await import('./terminal/mount.tsx') : await import('./resident/mount.tsx');
  await mount(root);
}

await start();
