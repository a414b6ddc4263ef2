import { useLocale } from '@cloud-hospital/ui/i18n';
import { App, ConfigProvider, type ThemeConfig } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** antd with our tokens: its own greys are too light for running text (look.md asks for 7:1). */
function createTheme(): ThemeConfig {
  return {
    token: {
      colorPrimary: token('--ch-primary-fill'),
      colorLink: token('--ch-primary'),
      colorSuccess: token('--ch-good'),
      colorWarning: token('--ch-amber'),
      colorError: token('--ch-danger'),
      colorText: token('--ch-ink'),
      colorTextSecondary: token('--ch-ink-2'),
      colorTextTertiary: token('--ch-ink-2'),
      colorTextQuaternary: token('--ch-ink-2'),
      colorTextPlaceholder: token('--ch-ink-2'),
      colorTextDescription: token('--ch-ink-2'),
      colorTextDisabled: token('--ch-ink-2'),
      colorBorder: token('--ch-line-strong'),
      colorBorderSecondary: token('--ch-line'),
      colorBgLayout: token('--ch-ground'),
      fontFamily: token('--ch-font'),
      fontSize: 14,
      borderRadius: 8,
      motionDurationMid: '0.15s',
      motionDurationSlow: '0.2s',
    },
  };
}

const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/**
 * Dialogs and menus go here and not into <body>: there the component library would lock the page's scrolling by inline
 * styles without nonce, which the security policy refuses. The page itself never scrolls.
 */
const overlays = (): HTMLElement => document.getElementById('overlays') ?? document.body;

export function ConsoleTheme({ children }: { children: ReactNode }) {
  const locale = useLocale();
  return (
    <ConfigProvider
      theme={createTheme()}
      locale={locale === 'en' ? enUS : zhCN}
      csp={{ nonce: nonce() }}
      getPopupContainer={overlays}
      button={{ autoInsertSpace: false }}
    >
      <App>{children}</App>
    </ConfigProvider>
  );
}
