import type { NoteContent } from '@cloud-hospital/protocol/rest';

/** A finished consultation to tell: invented, and ordinary. */
export interface CaseStory {
  readonly complaint: string;
  readonly note: NoteContent;
}

interface Outline extends Pick<NoteContent, 'findings' | 'advice' | 'plainSummary' | 'followUpDays'> {
  readonly complaint: string;
  readonly diagnosis: readonly [code: string, text: string];
  readonly prescription?: NoteContent['prescriptions'][number];
}

const story = ({ complaint, diagnosis, prescription, ...note }: Outline): CaseStory => ({
  complaint,
  note: {
    ...note,
    diagnoses: [{ code: diagnosis[0], text: diagnosis[1] }],
    prescriptions: prescription === undefined ? [] : [prescription],
    referral: '',
  },
});

/** By department code; ICD-10 codes as used in China. */
export const CASE_STORIES: Readonly<Record<string, readonly CaseStory[]>> = {
  cardiology: [
    story({
      complaint: '近两周早晨头胀，自测血压偏高',
      findings: '神清，气平。社区测血压偏高，心率规整，双下肢无水肿。否认胸痛、晕厥。现服氨氯地平 5 mg 每日一次。',
      diagnosis: ['I10.x00', '原发性高血压'],
      advice:
        '低盐饮食，每日早晚各测血压一次并记录；继续目前用药，加用厄贝沙坦。两周后携带记录复诊；出现剧烈头痛、胸痛、肢体无力立即拨打 120。',
      plainSummary: '您的血压比目标高一些。请少吃盐，每天早晚各量一次血压记下来，加一种降压药，两周后再看。',
      followUpDays: 14,
      prescription: { medication: '厄贝沙坦片', dose: '150 mg', frequency: '每日一次，晨服', days: 14 },
    }),
    story({
      complaint: '上三楼就气短，休息几分钟能缓解',
      findings: '活动后气短三个月，夜间可平卧。心率规整，双肺呼吸音清，下肢轻度凹陷性水肿。外院心电图：偶发房性早搏。',
      diagnosis: ['I25.103', '冠状动脉粥样硬化性心脏病'],
      advice:
        '建议完善心脏超声、血脂、BNP；避免突然用力，控制体重；按时服用阿托伐他汀。胸痛超过 15 分钟不缓解立即拨打 120。',
      plainSummary: '需要做心脏超声和抽血，结果出来后再看一次。平时不要突然用力，药每天按时吃。',
      followUpDays: 21,
      prescription: { medication: '阿托伐他汀钙片', dose: '20 mg', frequency: '每晚一次', days: 28 },
    }),
  ],
  neurology: [
    story({
      complaint: '头晕一周，起床和翻身时明显',
      findings:
        '位置变动时短暂旋转感，每次不足一分钟，无耳鸣、无言语及肢体障碍。视频下双侧肢体活动对称，指鼻试验稳准。',
      diagnosis: ['H81.100', '良性阵发性位置性眩晕'],
      advice: '建议社区配合完成变位试验及手法复位；起床动作放慢，防跌倒。出现言语不清、一侧肢体无力立即拨打 120。',
      plainSummary: '这种头晕多半是耳石移位，做几次复位就会好。起床慢一点，别摔倒。',
      followUpDays: 7,
    }),
  ],
  endocrinology: [
    story({
      complaint: '体检空腹血糖高，口渴、夜尿多',
      findings: '空腹血糖 8.6 mmol/L，BMI 27。双足皮肤完整，足背动脉搏动可。否认低血糖发作。',
      diagnosis: ['E11.900', '2 型糖尿病'],
      advice:
        '控制主食和甜食，餐后散步 30 分钟；服用二甲双胍；每周测两天空腹与餐后两小时血糖。一个月后复查糖化血红蛋白、肾功能、尿微量白蛋白。',
      plainSummary: '您得了糖尿病，能控制得很好。少吃甜的，饭后走半小时，按时吃药，一个月后抽血复查。',
      followUpDays: 30,
      prescription: { medication: '盐酸二甲双胍片', dose: '0.5 g', frequency: '每日两次，餐中', days: 30 },
    }),
    story({
      complaint: '发现甲状腺结节，担心是不好的',
      findings: '超声：右叶结节 6 mm，边界清，TI-RADS 3 类。甲状腺功能正常，颈部未及肿大淋巴结。',
      diagnosis: ['E04.101', '甲状腺结节'],
      advice: '目前无需用药或穿刺，一年后复查甲状腺超声；短期内明显增大、声音嘶哑、吞咽不适提前就诊。',
      plainSummary: '结节很小，看起来是良性的，不用吃药，一年后再做一次 B 超。',
      followUpDays: 365,
    }),
  ],
  respiratory: [
    story({
      complaint: '咳嗽咳痰反复两年，走快了气喘',
      findings: '吸烟三十年，已戒两年。双肺呼吸音偏低，未闻及明显哮鸣音。血氧 95%。',
      diagnosis: ['J44.900', '慢性阻塞性肺疾病'],
      advice: '坚持戒烟，规律吸入噻托溴铵，掌握吸入方法；每年接种流感疫苗。痰量增多、变黄或气促加重及时就诊。',
      plainSummary: '肺功能有些下降。药要每天吸，吸法请社区护士教您一遍，秋天打流感疫苗。',
      followUpDays: 30,
      prescription: { medication: '噻托溴铵粉吸入剂', dose: '18 μg', frequency: '每日一次，吸入', days: 30 },
    }),
  ],
  gastroenterology: [
    story({
      complaint: '饭后反酸烧心，夜里会醒',
      findings: '烧心、反酸三个月，平卧加重，无吞咽困难、无黑便、体重稳定。腹软无压痛。',
      diagnosis: ['K21.900', '胃食管反流病'],
      advice: '晚餐不宜过饱，睡前三小时不进食，抬高床头；服用雷贝拉唑四周。若有吞咽困难、黑便、消瘦，及早做胃镜。',
      plainSummary: '是胃酸往上反。晚饭少吃一点，吃完三小时再睡，药吃四周。',
      followUpDays: 28,
      prescription: { medication: '雷贝拉唑钠肠溶片', dose: '20 mg', frequency: '每日一次，早餐前', days: 28 },
    }),
  ],
  nephrology: [
    story({
      complaint: '尿里泡沫多，脚踝有点肿',
      findings: '双踝轻度水肿。尿常规蛋白 1+，血肌酐 104 μmol/L，血压偏高。',
      diagnosis: ['N18.900', '慢性肾脏病'],
      advice:
        '低盐、适量优质蛋白饮食；血压目标低于 130/80 mmHg；避免自行服用止痛药和不明草药。两周后复查肾功能、尿蛋白定量。',
      plainSummary: '肾有一点受损，要把血压管好、少吃盐，不要自己乱吃止痛药，两周后复查。',
      followUpDays: 14,
    }),
  ],
  rheumatology: [
    story({
      complaint: '双手小关节晨起僵硬一小时以上',
      findings: '双手近端指间关节压痛、轻度肿胀，对称。血沉 38 mm/h，类风湿因子阳性。',
      diagnosis: ['M06.900', '类风湿关节炎'],
      advice:
        '完善抗 CCP 抗体、双手 X 线；注意保暖与关节功能锻炼；专科门诊确定抗风湿药物方案，用药前查血常规、肝功能。',
      plainSummary: '像是类风湿，需要再查几项血和拍手的片子，尽早正规治疗，关节才不会变形。',
      followUpDays: 14,
    }),
  ],
  dermatology: [
    story({
      complaint: '小腿皮肤干痒，抓后有渗液',
      findings: '静态照片：双小腿伸侧红斑、鳞屑、少许抓痕，无水疱，边界不清。',
      diagnosis: ['L30.900', '湿疹'],
      advice: '洗澡水不过热，每日涂保湿剂两次；局部外用糠酸莫米松乳膏一周；避免搔抓。两周不缓解复诊。',
      plainSummary: '是湿疹，主要是皮肤太干。洗澡水别太烫，每天抹润肤霜，药膏抹一周。',
      followUpDays: 14,
      prescription: { medication: '糠酸莫米松乳膏', dose: '薄涂', frequency: '每日一次，患处', days: 7 },
    }),
  ],
  orthopedics: [
    story({
      complaint: '右膝上下楼疼，蹲下起来困难',
      findings: '右膝轻度肿胀，屈伸有摩擦感，浮髌试验阴性。X 线：内侧间隙变窄，骨赘形成。',
      diagnosis: ['M17.900', '膝骨关节炎'],
      advice: '减少爬楼、深蹲，练习股四头肌；控制体重；疼痛时外用双氯芬酸凝胶。夜间痛、关节交锁及时就诊。',
      plainSummary: '膝盖是磨损引起的。少爬楼、少蹲，每天练大腿肌肉，疼的时候抹药。',
      followUpDays: 30,
      prescription: { medication: '双氯芬酸二乙胺乳胶剂', dose: '适量', frequency: '每日三次，外用', days: 14 },
    }),
  ],
  ophthalmology: [
    story({
      complaint: '两年来看东西越来越雾',
      findings: '右眼视力 0.3，左眼 0.5，矫正不提高。裂隙灯照片：双眼晶状体皮质混浊，前房深度正常。',
      diagnosis: ['H25.900', '老年性白内障'],
      advice: '建议专科门诊评估手术；术前查眼底、眼轴。糖尿病患者先控制血糖。眼红眼痛、突然看不见立即就诊。',
      plainSummary: '是白内障，可以做手术，效果好。先到医院做检查，定手术时间。',
      followUpDays: 30,
    }),
  ],
  otolaryngology: [
    story({
      complaint: '右耳嗡嗡响两个月，晚上更明显',
      findings: '右耳高频听力下降，外耳道通畅，鼓膜完整。无眩晕。',
      diagnosis: ['H93.100', '耳鸣'],
      advice: '完善纯音测听；避免噪声和熬夜，睡前可用轻音乐掩蔽。突然听不见 72 小时内就诊。',
      plainSummary: '先做一次听力检查。别熬夜，睡前放点轻音乐。如果突然听不见，三天内一定要来。',
      followUpDays: 30,
    }),
  ],
  urology: [
    story({
      complaint: '夜里要起来小便四五次，尿线变细',
      findings: '国际前列腺症状评分 16 分。超声：前列腺 45 ml，残余尿 40 ml。PSA 正常。',
      diagnosis: ['N40.x00', '前列腺增生'],
      advice: '晚间少饮水，避免憋尿和酒精；服用坦索罗辛，首次睡前服，防止起床头晕。完全尿不出立即急诊。',
      plainSummary: '前列腺大了，压住了尿道。药睡前吃，起床慢一点，晚上少喝水。',
      followUpDays: 30,
      prescription: { medication: '盐酸坦索罗辛缓释胶囊', dose: '0.2 mg', frequency: '每晚一次', days: 30 },
    }),
  ],
  gynecology: [
    story({
      complaint: '绝经一年，潮热出汗，睡眠差',
      findings: '潮热每日十余次，无异常阴道出血。近一年乳腺、宫颈筛查正常。',
      diagnosis: ['N95.100', '更年期综合征'],
      advice: '规律作息与运动，避免辛辣和过热环境；完善骨密度、肝肾功能后再决定是否激素治疗。绝经后出血立即就诊。',
      plainSummary: '这是更年期的反应，会慢慢过去。多运动，查完骨密度再决定要不要用药。',
      followUpDays: 30,
    }),
  ],
  'mental-health': [
    story({
      complaint: '入睡困难半年，总担心身体',
      findings: '入睡需一小时以上，早醒。情绪紧张，接触合作，无自伤念头。',
      diagnosis: ['F51.000', '非器质性失眠症'],
      advice:
        '固定起床时间，白天不补觉，睡前一小时不看手机；进行放松训练，记录睡眠日记。两周后复诊；出现轻生念头请立即联系家人并就诊。',
      plainSummary: '先改作息：每天同一时间起床，白天不睡，睡前不看手机，两周后再看。',
      followUpDays: 14,
    }),
  ],
  geriatrics: [
    story({
      complaint: '近三个月没力气，摔过一次',
      findings: '体重三个月下降 4 kg，起立行走试验 16 秒。现服药物九种，其中两种作用重复。',
      diagnosis: ['R54.x00', '衰弱'],
      advice: '停用重复的降压药；每日蛋白质 60 g 以上，补充维生素 D；在家人陪同下做椅子起立训练。居家防滑，夜间留灯。',
      plainSummary: '人有些虚，药也吃重了一种。多吃鸡蛋、鱼和豆腐，练坐下起立，家里注意防滑。',
      followUpDays: 30,
    }),
  ],
};
