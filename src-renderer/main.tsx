import './app/zod-without-eval.ts';
import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

// The program runs in pieces, each in a task of its own: in one it held the window up for a tenth of a second.
await import('./stores/project-session.ts');
await import('./player/use-player.ts');
await import('./ui/dialog.tsx');
const { App } = await import('./app/app.tsx');

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
