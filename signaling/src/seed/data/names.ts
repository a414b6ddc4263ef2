import type { Random } from '../random.ts';

/** `[characters, pinyin]` */
type Syllables = readonly (readonly [string, string])[];

const FAMILY: Syllables = [
  ['王', 'Wang'],
  ['李', 'Li'],
  ['张', 'Zhang'],
  ['刘', 'Liu'],
  ['陈', 'Chen'],
  ['杨', 'Yang'],
  ['赵', 'Zhao'],
  ['黄', 'Huang'],
  ['周', 'Zhou'],
  ['吴', 'Wu'],
  ['徐', 'Xu'],
  ['孙', 'Sun'],
  ['马', 'Ma'],
  ['朱', 'Zhu'],
  ['胡', 'Hu'],
  ['郭', 'Guo'],
  ['何', 'He'],
  ['林', 'Lin'],
  ['高', 'Gao'],
  ['罗', 'Luo'],
  ['郑', 'Zheng'],
  ['梁', 'Liang'],
  ['谢', 'Xie'],
  ['宋', 'Song'],
  ['唐', 'Tang'],
  ['许', 'Xu'],
  ['韩', 'Han'],
  ['冯', 'Feng'],
  ['邓', 'Deng'],
  ['曹', 'Cao'],
  ['彭', 'Peng'],
  ['曾', 'Zeng'],
  ['田', 'Tian'],
  ['董', 'Dong'],
  ['潘', 'Pan'],
  ['袁', 'Yuan'],
  ['蔡', 'Cai'],
  ['蒋', 'Jiang'],
  ['余', 'Yu'],
  ['沈', 'Shen'],
];

const GIVEN: Record<'elder' | 'adult', Record<'male' | 'female', Syllables>> = {
  elder: {
    male: [
      ['建国', 'Jianguo'],
      ['国华', 'Guohua'],
      ['德明', 'Deming'],
      ['永福', 'Yongfu'],
      ['长林', 'Changlin'],
      ['文山', 'Wenshan'],
      ['玉林', 'Yulin'],
      ['保田', 'Baotian'],
      ['振华', 'Zhenhua'],
      ['学礼', 'Xueli'],
      ['志强', 'Zhiqiang'],
      ['福生', 'Fusheng'],
      ['广才', 'Guangcai'],
      ['明义', 'Mingyi'],
      ['立新', 'Lixin'],
      ['兆祥', 'Zhaoxiang'],
      ['金宝', 'Jinbao'],
      ['庆余', 'Qingyu'],
      ['维民', 'Weimin'],
      ['树声', 'Shusheng'],
    ],
    female: [
      ['秀英', 'Xiuying'],
      ['桂兰', 'Guilan'],
      ['玉珍', 'Yuzhen'],
      ['淑芬', 'Shufen'],
      ['凤英', 'Fengying'],
      ['桂芳', 'Guifang'],
      ['月娥', "Yue'e"],
      ['惠珍', 'Huizhen'],
      ['素云', 'Suyun'],
      ['玉兰', 'Yulan'],
      ['秀兰', 'Xiulan'],
      ['美华', 'Meihua'],
      ['金凤', 'Jinfeng'],
      ['丽珠', 'Lizhu'],
      ['佩芳', 'Peifang'],
      ['春梅', 'Chunmei'],
      ['爱珍', 'Aizhen'],
      ['荣妹', 'Rongmei'],
      ['巧云', 'Qiaoyun'],
      ['文娟', 'Wenjuan'],
    ],
  },
  adult: {
    male: [
      ['明远', 'Mingyuan'],
      ['海涛', 'Haitao'],
      ['俊峰', 'Junfeng'],
      ['晓东', 'Xiaodong'],
      ['志远', 'Zhiyuan'],
      ['文博', 'Wenbo'],
      ['浩然', 'Haoran'],
      ['立群', 'Liqun'],
      ['思源', 'Siyuan'],
      ['国栋', 'Guodong'],
      ['家齐', 'Jiaqi'],
      ['建平', 'Jianping'],
      ['启航', 'Qihang'],
      ['振宇', 'Zhenyu'],
      ['庭轩', 'Tingxuan'],
      ['子墨', 'Zimo'],
      ['卫东', 'Weidong'],
      ['凌云', 'Lingyun'],
      ['永康', 'Yongkang'],
      ['景行', 'Jingxing'],
    ],
    female: [
      ['雅琴', 'Yaqin'],
      ['静怡', 'Jingyi'],
      ['晓燕', 'Xiaoyan'],
      ['慧敏', 'Huimin'],
      ['若兰', 'Ruolan'],
      ['文静', 'Wenjing'],
      ['思琪', 'Siqi'],
      ['丽华', 'Lihua'],
      ['佳宁', 'Jianing'],
      ['婉清', 'Wanqing'],
      ['海燕', 'Haiyan'],
      ['雪梅', 'Xuemei'],
      ['晓琳', 'Xiaolin'],
      ['子衿', 'Zijin'],
      ['明霞', 'Mingxia'],
      ['芷若', 'Zhiruo'],
      ['心怡', 'Xinyi'],
      ['诗涵', 'Shihan'],
      ['秋月', 'Qiuyue'],
      ['一凡', 'Yifan'],
    ],
  },
};

export interface Name {
  readonly zh: string;
  readonly en: string;
}

/** A name that could be anybody's, with its pinyin, family name first. */
export function randomName(random: Random, generation: 'elder' | 'adult', gender: 'male' | 'female'): Name {
  const [family, familyPinyin] = random.pick(FAMILY);
  const [given, givenPinyin] = random.pick(GIVEN[generation][gender]);
  return { zh: family + given, en: `${familyPinyin} ${givenPinyin}` };
}

/** Hands out names that were not handed out before. */
export function distinctNames(random: Random): (generation: 'elder' | 'adult', gender: 'male' | 'female') => Name {
  const taken = new Set<string>();
  return (generation, gender) => {
    for (;;) {
      const name = randomName(random, generation, gender);
      if (taken.has(name.zh)) continue;
      taken.add(name.zh);
      return name;
    }
  };
}
