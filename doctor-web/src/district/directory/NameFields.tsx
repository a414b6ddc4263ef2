import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

export interface NameValues {
  readonly nameZh: string;
  readonly nameEn?: string;
  readonly phone?: string;
}

/** What every place has: a name in both languages (English falls back to Chinese) and a phone. */
export function NameFields() {
  const { t } = useTranslation('console');
  return (
    <>
      <Form.Item
        name="nameZh"
        label={t('directory.name')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('directory.nameMissing') }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="nameEn" label={t('directory.nameEn')}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="phone" label={t('directory.phone')}>
        <Input maxLength={30} inputMode="tel" />
      </Form.Item>
    </>
  );
}
