import type { LocalizedText } from '@cloud-hospital/protocol';

/** A district that doesn't exist, in a city that doesn't exist. */
export const DISTRICT: LocalizedText = { zh: '云溪区', en: 'Yunxi District' };

/** Sub-districts and how many of the 93 clinics each has. */
export const SUB_DISTRICTS: readonly (LocalizedText & { clinics: number })[] = [
  { zh: '溪口街道', en: 'Xikou', clinics: 9 },
  { zh: '望云街道', en: 'Wangyun', clinics: 8 },
  { zh: '青石街道', en: 'Qingshi', clinics: 8 },
  { zh: '柳桥街道', en: 'Liuqiao', clinics: 8 },
  { zh: '东塘街道', en: 'Dongtang', clinics: 8 },
  { zh: '松月街道', en: 'Songyue', clinics: 8 },
  { zh: '南渡街道', en: 'Nandu', clinics: 8 },
  { zh: '梅坞街道', en: 'Meiwu', clinics: 8 },
  { zh: '荷塘街道', en: 'Hetang', clinics: 7 },
  { zh: '北坞街道', en: 'Beiwu', clinics: 7 },
  { zh: '竹林镇', en: 'Zhulin', clinics: 7 },
  { zh: '云岭镇', en: 'Yunling', clinics: 7 },
];

/** Neighbourhoods that clinics are named after, reused in each sub-district in another order. */
export const NEIGHBOURHOODS: readonly LocalizedText[] = [
  { zh: '和平里', en: 'Hepingli' },
  { zh: '幸福里', en: 'Xingfuli' },
  { zh: '花园弄', en: 'Huayuannong' },
  { zh: '新建村', en: 'Xinjiancun' },
  { zh: '桃源', en: 'Taoyuan' },
  { zh: '翠苑', en: 'Cuiyuan' },
  { zh: '朝晖', en: 'Zhaohui' },
  { zh: '长乐', en: 'Changle' },
  { zh: '安康', en: 'Ankang' },
];

export const HOSPITALS: readonly LocalizedText[] = [
  { zh: '云州医科大学附属第一医院', en: 'First Affiliated Hospital, Yunzhou Medical University' },
  { zh: '云州市人民医院', en: "Yunzhou People's Hospital" },
  { zh: '云州市中心医院', en: 'Yunzhou Central Hospital' },
  { zh: '云州医科大学附属第二医院', en: 'Second Affiliated Hospital, Yunzhou Medical University' },
  { zh: '云州市中西医结合医院', en: 'Yunzhou Hospital of Integrated Medicine' },
];
