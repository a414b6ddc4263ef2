import { describe, expect, it } from 'vitest';
import { departmentsFor } from '../domain/symptomSearch.ts';
import { DEPARTMENTS } from './data/departments.ts';
import { EVERYDAY_WORDS } from './data/everydayWords.ts';

const words = DEPARTMENTS.map(({ code, symptoms }) => ({
  code,
  words: [...symptoms.flat(), ...(EVERYDAY_WORDS[code] ?? [])],
}));
const codesFor = (text: string): string[] => departmentsFor(text, words).map(({ code }) => code);

/** As people say it at a desk or type it on a phone, and where they must be able to go. */
const PHRASES: readonly (readonly [string, string])[] = [
  ['胸闷', 'cardiology'],
  ['最近老是胸口闷，喘不上气', 'cardiology'],
  ['我妈心慌好几天了', 'cardiology'],
  ['心跳得快', 'cardiology'],
  ['高压170', 'cardiology'],
  ['血压高', 'cardiology'],
  ['腿肿', 'cardiology'],
  ['两条腿肿得厉害', 'nephrology'],
  ['放过支架，复查', 'cardiology'],
  ['头晕', 'neurology'],
  ['早上起来头晕，站不稳', 'neurology'],
  ['头疼', 'neurology'],
  ['手老抖', 'neurology'],
  ['爸爸最近记不住事，老忘事', 'neurology'],
  ['半边麻，嘴歪', 'neurology'],
  ['血糖高', 'endocrinology'],
  ['血糖 13，老口渴', 'endocrinology'],
  ['甲状腺有个结节', 'endocrinology'],
  ['尿酸高', 'endocrinology'],
  ['咳了半个月，痰多', 'respiratory'],
  ['上楼喘', 'respiratory'],
  ['晚上打呼噜憋醒', 'respiratory'],
  ['胃疼', 'gastroenterology'],
  ['肚子胀，几天没大便', 'gastroenterology'],
  ['烧心反酸', 'gastroenterology'],
  ['大便带血', 'gastroenterology'],
  ['眼皮肿，尿里泡沫多', 'nephrology'],
  ['肌酐高', 'nephrology'],
  ['早上手僵，关节肿', 'rheumatology'],
  ['起疹子', 'dermatology'],
  ['身上起红点，痒', 'dermatology'],
  ['缠腰龙', 'dermatology'],
  ['膝盖疼，上下楼疼', 'orthopedics'],
  ['腰疼直不起腰', 'orthopedics'],
  ['胳膊抬不起来', 'orthopedics'],
  ['看东西模糊', 'ophthalmology'],
  ['眼前有黑点', 'ophthalmology'],
  ['耳朵嗡嗡响', 'otolaryngology'],
  ['耳背听不清', 'otolaryngology'],
  ['嗓子哑了', 'otolaryngology'],
  ['尿不净，老上厕所', 'urology'],
  ['起夜四五次', 'urology'],
  ['憋不住尿', 'urology'],
  ['绝经后又出血', 'gynecology'],
  ['一阵阵发热出汗', 'gynecology'],
  ['晚上睡不着', 'mental-health'],
  ['心烦，老是担心', 'mental-health'],
  ['浑身没劲，吃不下饭', 'geriatrics'],
  ['老摔跤', 'geriatrics'],
  ['药太多，不知道怎么吃', 'geriatrics'],
  ['tight chest', 'cardiology'],
  ['my legs swell in the evening', 'cardiology'],
  ['blood pressure too high', 'cardiology'],
  ['I feel dizzy', 'neurology'],
  ['her hands shake', 'neurology'],
  ['high blood sugar', 'endocrinology'],
  ['coughing for two weeks', 'respiratory'],
  ['stomach pain', 'gastroenterology'],
  ['puffy face', 'nephrology'],
  ['stiff fingers in the morning', 'rheumatology'],
  ['itchy skin', 'dermatology'],
  ['my knee hurts', 'orthopedics'],
  ['blurry vision', 'ophthalmology'],
  ['hard of hearing', 'otolaryngology'],
  ["can't pee", 'urology'],
  ['hot flushes', 'gynecology'],
  ["can't sleep", 'mental-health'],
  ['keeps falling', 'geriatrics'],
];

describe('words of every day', () => {
  it.each(PHRASES)('“%s” leads to %s among the first three', (phrase, code) => {
    expect(codesFor(phrase).slice(0, 3)).toContain(code);
  });

  it('put the department first that more was said about', () => {
    expect(codesFor('血糖高，老口渴，最近头晕')[0]).toBe('endocrinology');
    expect(codesFor('头晕，手麻，说话不清')[0]).toBe('neurology');
  });

  it('are found from their beginning, and not in the middle of other English words', () => {
    expect(codesFor('胸')).toContain('cardiology');
    expect(codesFor('dizz')).toContain('neurology');
    expect(codesFor('heat')).toEqual([]);
    expect(codesFor('di')).toEqual([]);
    expect(codesFor('今天天气不错')).toEqual([]);
    expect(codesFor('，。')).toEqual([]);
  });

  it('exist for every department, and name no department that is not there', () => {
    const codes = DEPARTMENTS.map(({ code }) => code);
    expect(Object.keys(EVERYDAY_WORDS).toSorted()).toEqual(codes.toSorted());
    for (const list of Object.values(EVERYDAY_WORDS)) expect(list.length).toBeGreaterThan(20);
  });
});
