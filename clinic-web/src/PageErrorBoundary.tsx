import { CircleAlert } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface State {
  readonly failed: boolean;
}

/**
 * Instead of an empty page: a page's code that could not be fetched (a new version was deployed, the network was gone)
 * or a mistake of ours. Reloading is offered, never done by itself: somebody may be in a call.
 */
export class PageErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, _info: ErrorInfo): void {
    reportError(error);
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children;
  }
}

function Failed() {
  const { t } = useTranslation();
  return (
    <main className="page-failed">
      <div className="ch-note ch-note--danger" role="alert">
        <CircleAlert className="ch-note__icon" aria-hidden />
        <div className="ch-note__body">
          <h1 className="ch-note__title">{t('error.PAGE.what')}</h1>
          <p>{t('error.PAGE.advice')}</p>
          <button type="button" className="ch-button" onClick={() => window.location.reload()}>
            {t('action.reload')}
          </button>
        </div>
      </div>
    </main>
  );
}
