import { leanProtocol } from '@cloud-hospital/ui/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `npm start` runs; the dev server passes everything of its own to it. */
const server = `http://127.0.0.1:${process.env['PORT'] ?? '8080'}`;

export default defineConfig({
  plugins: [react(), leanProtocol()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows files of our own origin only: nothing may be inlined as data.
    assetsInlineLimit: 0,
    sourcemap: 'hidden',
    rolldownOptions: {
      treeshake: {
        // Our own packages do nothing on import: a face that takes one class doesn't get the media stack with it.
        moduleSideEffects: [{ test: /\/packages\/(protocol|call)\/src\/.*\.tsx?$/, sideEffects: false }],
      },
    },
  },
  server: {
    proxy: {
      '/api': server,
      '/socket': { target: server, ws: true },
    },
  },
});
