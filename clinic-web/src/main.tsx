import '@cloud-hospital/ui/tokens.css';
import '@cloud-hospital/ui/base.css';
import '@cloud-hospital/ui/components.css';
import { loadCatalogue, rememberedLocale } from '@cloud-hospital/ui/i18n';
import './page.css';

const MOUNTS = {
  terminal: () => import('./terminal/mount.tsx'),
  guest: () => import('./guest/mount.tsx'),
  resident: () => import('./resident/mount.tsx'),
};

/** One build, three faces: a phone never loads the terminal's code. Going from one to the other is a page load. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new TypeError('no #root in the page');
  const [, face] = /^\/(terminal|g)(?:\/|$)/.exec(window.location.pathname) ?? [];
  const own = face === 'terminal' ? 'terminal' : face === 'g' ? 'guest' : 'resident';
  // Texts travel beside the code that shows them, not after it; whoever needs them asks again and finds them there.
  for (const namespace of ['common', own] as const) {
    loadCatalogue(rememberedLocale(), namespace).catch(() => undefined);
  }
  const { mount } = await MOUNTS[own]();
  await mount(root);
}

await start();
