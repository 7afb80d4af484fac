import { defineConfig } from 'vite';

// The server embeds dist/ and serves it from its own origin; `npm run dev` borrows the data of a running server.
const server = process.env.XIANGTU_URL ?? 'http://127.0.0.1:8112';

export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // maplibre changes rarely and weighs most: a chunk of its own stays in the browser's cache.
        codeSplitting: { groups: [{ name: 'maplibre', test: /node_modules[\\/]maplibre-gl/ }] },
      },
    },
  },
  server: {
    fs: { allow: ['.', '../maps/text'] },
    proxy: Object.fromEntries(['/collections', '/processes', '/text', '/map', '/health'].map((path) => [path, server])),
  },
});
