import { ApiProvider, createApi, createQueryClient, sessionQuery } from '@cloud-hospital/ui/api';
import { createI18n, type Namespace, rememberedLocale } from '@cloud-hospital/ui/i18n';
import { applyElderMode, provideRandomUuid } from '@cloud-hospital/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { PageErrorBoundary } from './PageErrorBoundary.tsx';

export interface Face {
  readonly face: 'resident' | 'terminal' | 'guest';
  readonly namespaces: readonly Namespace[];
  /** Path under which the face lives. */
  readonly basename: string;
  readonly app: ReactNode;
}

/** What all faces of this web app stand on: texts, API, query cache, router. */
export async function mountFace(root: HTMLElement, { face, namespaces, basename, app }: Face): Promise<void> {
  provideRandomUuid();
  applyElderMode();
  const api = createApi({ face, locale: rememberedLocale });
  const queryClient = createQueryClient(api);
  // Asked while the texts are on their way: a phone on a slow network waits for one instead of for both.
  // A failure is shown by whoever needs the answer.
  queryClient.query(sessionQuery(api)).catch(() => undefined);
  const i18n = await createI18n({ face, namespaces });
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={queryClient}>
          <ApiProvider api={api}>
            <BrowserRouter basename={basename}>
              <PageErrorBoundary>
                <Suspense>{app}</Suspense>
              </PageErrorBoundary>
            </BrowserRouter>
          </ApiProvider>
        </QueryClientProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}
