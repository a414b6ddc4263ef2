import { SessionState } from '@cloud-hospital/protocol/rest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { signInStaff } from '../WebClient.ts';
import { fictionalIdentityNumber } from './Desk.ts';
import type { Opinion } from './SpecialistJourney.ts';
import type { WalkIn } from './TerminalJourney.ts';

/** Who plays in a consultation, as the demo district named them. */
export interface Cast {
  readonly password: string;
  readonly administrator: { readonly username: string };
  readonly nurse: { readonly username: string };
  readonly clinicName: string;
  readonly resident: { readonly phone: string; readonly complaint: string };
  readonly specialist: { readonly username: string; readonly name: string; readonly departmentCode: string };
  readonly walkIn: WalkIn;
  readonly vitals: Readonly<Record<string, string>>;
  readonly opinion: Opinion;
}

/** Asks the running district for the names behind the demo accounts. */
export async function readCast(url: string): Promise<Cast> {
  const { administrator, nurse, specialist, resident } = DEMO_ACCOUNTS;
  const session = async (face: 'terminal' | 'console', username: string) => {
    const client = await signInStaff(url, face, username, DEMO_PASSWORD);
    const { session: signedIn } = (await client.get('/session')).read(SessionState);
    await client.delete('/session');
    if (signedIn === null) throw new Error(`${username} is not signed in.`);
    return signedIn;
  };
  const [clinic, doctor] = await Promise.all([
    session('terminal', nurse.username),
    session('console', specialist.username),
  ]);
  if (clinic.location === null || doctor.departmentCode === null) throw new Error('The demo accounts have no place.');
  const { departmentCode, displayName: specialistName } = doctor;
  return {
    password: DEMO_PASSWORD,
    administrator,
    nurse,
    clinicName: clinic.location.name.zh,
    resident: {
      phone: resident.phone,
      complaint: '上楼时胸口发闷，已经两个星期，休息几分钟能缓解，晚上睡觉不受影响。',
    },
    specialist: { username: specialist.username, name: specialistName, departmentCode },
    walkIn: {
      name: '钱桂兰',
      identityNumber: fictionalIdentityNumber(),
      phone: '19000009999',
      departmentCode,
      specialistName,
      complaint: '血压药吃完了，早上头晕，想问问要不要换药。',
    },
    vitals: {
      systolic: '148',
      diastolic: '86',
      'heart-rate': '78',
      temperature: '36.6',
      'oxygen-saturation': '97',
    },
    opinion: {
      findings: '活动后胸闷两周，休息可缓解，无夜间发作。血压 148/86 mmHg，心率 78 次/分，律齐。考虑劳力性心绞痛可能。',
      diagnosis: '劳力性心绞痛',
      diagnosisCode: 'I20.8',
      advice: '本周内到社区做心电图和血脂检查；避免剧烈活动，随身带好急救药。胸痛超过 15 分钟不缓解立即拨打 120。',
      prescription: { medication: '阿司匹林肠溶片', dose: '100 mg', frequency: '每日一次，早餐后' },
      followUpDays: 14,
      plainSummary:
        '您的胸闷可能和心脏供血不足有关。先按时吃药，本周到社区做心电图。胸口疼超过一刻钟不好，马上打 120。',
    },
  };
}
