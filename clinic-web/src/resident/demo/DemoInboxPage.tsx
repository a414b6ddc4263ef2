import { formatDay, formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { digitsOfPhone, groupPhone, isPhone } from '../signIn/phone.ts';
import './demo.css';

/** The demo district's carrier: every message it would have delivered, so that a demonstration needs no phone. */
export function DemoInboxPage() {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const words = useWords();
  const id = useId();
  const [params] = useSearchParams();
  const [phone, setPhone] = useState(() => digitsOfPhone(params.get('phone') ?? ''));
  const inbox = useQuery(
    query.inbox.demo.queryOptions({ input: isPhone(phone) ? { phone } : {}, staleTime: 0, refetchInterval: 3_000 }),
  );
  return (
    <Page title={t('demo.title')} lead={t('demo.lead')}>
      <div className="r-field">
        <label className="r-label" htmlFor={id}>
          {t('demo.phone')}
        </label>
        <input
          id={id}
          className="r-input r-input--digits"
          type="tel"
          inputMode="numeric"
          autoComplete="off"
          value={groupPhone(phone)}
          onChange={(event) => setPhone(digitsOfPhone(event.target.value))}
          data-testid="demo-phone"
        />
      </div>
      <QueryState query={inbox}>
        {(data) =>
          data.messages.length === 0 ? (
            <p className="r-empty">{t('demo.empty')}</p>
          ) : (
            <ul className="d-messages">
              {data.messages.map((message) => (
                <li key={`${message.sentAt} ${message.to} ${message.text}`} className="d-message" data-testid="message">
                  <p className="r-muted r-small">
                    {t('demo.to', { to: message.to })} · {formatDay(message.sentAt, words.locale)}{' '}
                    {formatTime(message.sentAt, words.locale)}
                  </p>
                  <p>
                    <MessageText text={message.text} />
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
    </Page>
  );
}

/** Six digits on their own are the login code: set apart, because it is what people came for. */
function MessageText({ text }: { readonly text: string }) {
  const [before, code, after] = text.split(/(?<!\d)(\d{6})(?!\d)/, 3);
  return code === undefined ? (
    text
  ) : (
    <>
      {before}
      <strong className="d-code" data-testid="message-code">
        {code}
      </strong>
      {after}
    </>
  );
}
