import type { Terminal } from '@cloud-hospital/protocol/rest';
import { DEVICE_TONE, formatDateTime, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Select } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../layout/useShowError.ts';

const TESTS = ['camera', 'microphone', 'speaker', 'network'] as const;
const TEST_TONE = { passed: 'good', failed: 'attention', skipped: 'neutral' } as const;
const AUTO_ANSWER_CHOICES = [null, 0, 3, 5, 10] as const;

/** One terminal: its last self-test, enrolment, how it answers, and taking it out of service. */
export function TerminalDrawer({ terminal, onClose }: { terminal: Terminal | null; onClose: () => void }) {
  const pick = usePick();
  return (
    <Drawer
      styles={{ mask: { background: 'rgb(20 33 43 / 18%)' } }}
      open={terminal !== null}
      onClose={onClose}
      size={420}
      title={terminal === null ? '' : pick(terminal.locationName)}
    >
      {terminal === null ? null : <TerminalDetail key={terminal.deviceId} terminal={terminal} />}
    </Drawer>
  );
}

const FAULTS = [
  'denied',
  'missing',
  'busy',
  'insecure',
  'dark',
  'silent',
  'not-heard',
  'narrow',
  'lossy',
  'slow',
  'blocked',
  'no-media',
  'unreachable',
] as const;

/** Why a part failed, if the terminal said it in a word that we know. */
function faultText(t: TFunction<['console', 'common']>, fault: string | undefined): string {
  const known = FAULTS.find((one) => one === fault);
  return known === undefined ? '' : ` · ${t(`district.fault.${known}`)}`;
}

function TerminalDetail({ terminal }: { terminal: Terminal }) {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { modal } = App.useApp();
  const showError = useShowError();
  const settled = {
    onError: showError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.terminals.list.key() }),
  };
  const issue = useMutation(query.terminals.issueCode.mutationOptions(settled));
  const revoke = useMutation(query.terminals.revoke.mutationOptions(settled));
  const configure = useMutation(query.terminals.configure.mutationOptions(settled));
  const { deviceId, version, selfTest } = terminal;
  return (
    <div className="c-terminal">
      <p>
        <StatusWord tone={DEVICE_TONE[terminal.status]}>{t(`common:device.status.${terminal.status}`)}</StatusWord>
        <span className="c-secondary">
          {' '}
          {terminal.lastSeenAt === null
            ? t('district.neverSeen')
            : t('district.lastSeen', { time: formatDateTime(terminal.lastSeenAt, locale) })}
        </span>
      </p>
      <section>
        <h3>{t('district.selfTest')}</h3>
        {selfTest === null ? (
          <p className="c-secondary">{t('district.noSelfTest')}</p>
        ) : (
          <>
            <p className="c-secondary">{formatDateTime(selfTest.testedAt, locale)}</p>
            <ul className="c-terminal__tests">
              {TESTS.map((test) => (
                <li key={test}>
                  <span>{t(`district.test.${test}`)}</span>
                  <StatusWord tone={TEST_TONE[selfTest[test]]}>
                    {t(`district.outcome.${selfTest[test]}`)}
                    {faultText(t, selfTest.detail[test])}
                  </StatusWord>
                </li>
              ))}
            </ul>
            {selfTest.line === undefined ? null : (
              <p className="c-secondary" data-testid="line-figures">
                {t('district.line', {
                  roundTrip: selfTest.line.roundTripMs,
                  loss: (selfTest.line.lossRate * 100).toFixed(1),
                  up: selfTest.line.upKbps,
                  down: selfTest.line.downKbps,
                })}
              </p>
            )}
          </>
        )}
      </section>
      <section>
        <h3>{t('district.enrolment')}</h3>
        <p className="c-secondary">{t('district.enrolmentLead')}</p>
        {issue.data === undefined ? null : (
          <p className="c-terminal__code" data-testid="enrolment-code">
            {issue.data.code}
            <small>{t('district.codeUntil', { time: formatDateTime(issue.data.expiresAt, locale) })}</small>
          </p>
        )}
        <Button
          type="primary"
          loading={issue.isPending}
          onClick={() => issue.mutate({ deviceId })}
          data-testid="issue-code"
        >
          {t('district.issueCode')}
        </Button>
      </section>
      <section>
        <h3>{t('district.answering')}</h3>
        <Select
          aria-label={t('district.answering')}
          className="c-terminal__answering"
          value={terminal.autoAnswerSeconds ?? -1}
          loading={configure.isPending}
          options={AUTO_ANSWER_CHOICES.map((seconds) => ({
            value: seconds ?? -1,
            label: seconds === null ? t('district.answerByTouch') : t('district.answerAfter', { seconds }),
          }))}
          onChange={(seconds) =>
            configure.mutate({ deviceId, version, autoAnswerSeconds: seconds < 0 ? null : seconds })
          }
        />
      </section>
      {terminal.status === 'revoked' || terminal.status === 'unenrolled' ? null : (
        <section>
          <h3>{t('district.revoke')}</h3>
          <p className="c-secondary">{t('district.revokeLead')}</p>
          <Button
            danger
            loading={revoke.isPending}
            onClick={() => {
              modal.confirm({
                title: t('district.revokeConfirm'),
                content: t('district.revokeLead'),
                okText: t('district.revoke'),
                okButtonProps: { danger: true },
                onOk: () => revoke.mutate({ deviceId }),
              });
            }}
          >
            {t('district.revoke')}
          </Button>
        </section>
      )}
    </div>
  );
}
