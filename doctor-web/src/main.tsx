import '@cloud-hospital/ui/tokens.css';
import '@cloud-hospital/ui/base.css';
import '@cloud-hospital/ui/components.css';
import '@cloud-hospital/call/call.css';
import '@cloud-hospital/call/exchange.css';
import './console.css';
import './console/stills/stills.css';
import { provideRandomUuid } from '@cloud-hospital/ui';
import { ApiProvider, createApi, createQueryClient } from '@cloud-hospital/ui/api';
import { createI18n, toLocale } from '@cloud-hospital/ui/i18n';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { App } from './App.tsx';
import { ConsoleTheme } from './layout/ConsoleTheme.tsx';

async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new TypeError('no #root in the page');
  provideRandomUuid();
  const i18n = await createI18n({ face: 'console', namespaces: ['console', 'call', 'exchange'] });
  const api = createApi({ face: 'console', locale: () => toLocale(i18n.language) });
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={createQueryClient(api)}>
          <ApiProvider api={api}>
            <ConsoleTheme>
              <BrowserRouter>
                <App />
              </BrowserRouter>
            </ConsoleTheme>
          </ApiProvider>
        </QueryClientProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

await start();
