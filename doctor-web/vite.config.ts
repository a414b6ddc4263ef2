import { leanProtocol } from '@cloud-hospital/ui/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `npm start` runs; the dev server passes everything of its own to it. */
const server = `http://127.0.0.1:${process.env['PORT'] ?? '8080'}`;

export default defineConfig({
  plugins: [react(), leanProtocol()],
  // Pages are /doctor, /hospital, /district, /audit; the files lie apart from clinic-web's.
  base: '/console/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    sourcemap: 'hidden',
    // The console is opened once a day on a hospital's PC; antd alone is above Vite's warning.
    chunkSizeWarningLimit: 1_600,
  },
  server: {
    proxy: {
      '/api': server,
      '/socket': { target: server, ws: true },
    },
  },
});
