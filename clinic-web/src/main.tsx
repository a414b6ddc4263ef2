import '@cloud-hospital/ui/tokens.css';
import '@cloud-hospital/ui/base.css';
import '@cloud-hospital/ui/components.css';
import './page.css';

/** One build, two faces: a phone never loads the terminal's code. Going from one to the other is a page load. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new TypeError('no #root in the page');
  const isTerminal = /^\/terminal(\/|$)/.test(window.location.pathname);
  const { mount } = isTerminal ? await import('./terminal/mount.tsx') : await import('./resident/mount.tsx');
  await mount(root);
}

await start();
