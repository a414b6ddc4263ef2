/** Texts of words separated by 、 or commas. */
const words = (...texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.split(/[、,]/)).map((word) => word.trim());

/**
 * What people say at home, by department: older people's words first, zh and en. They lead to the department like its
 * symptom words, which alone are shown for choosing. A curated map, not a diagnosis; one word may lead to several.
 */
export const EVERYDAY_WORDS: Readonly<Record<string, readonly string[]>> = {
  cardiology: words(
    '胸口闷、胸口痛、胸口疼、胸疼、心口疼、心口闷、心口痛、憋气、喘不上气、上不来气、透不过气、一走就喘',
    '心跳快、心跳得快、心跳乱、心跳不齐、心里发慌、心里慌、早搏、房颤、心脏、冠心病、支架、心衰、心梗',
    '血压、高压、低压、血压低、血脂高、腿肿、脚肿、脚脖子肿、腿浮肿、腿脚肿、头晕、头昏、晕倒、昏倒',
    'chest, tight chest, chest hurts, pressure on my chest, heart, heart racing, irregular heartbeat, stent',
    'blood pressure, cholesterol, legs swell, swollen ankles, swollen feet, leg swelling, breathless',
    'out of breath, fainted, dizzy',
  ),
  neurology: words(
    '头昏、头重、头胀、脑袋疼、脑袋晕、偏头痛、天旋地转、站不稳、走路不稳、走不稳、晕倒、昏倒、抽搐、抽风',
    '癫痫、手发抖、手老抖、帕金森、手麻、脚麻、腿麻、半边麻、嘴歪、脸歪、说话不清、口齿不清、中过风、脑梗',
    '脑血栓、偏瘫、记不住、忘事、健忘、记性不好、记性变差、糊涂、痴呆、老年痴呆、睡不好、腿没劲、一边没力',
    'head aches, migraine, dizzy, vertigo, unsteady, hands shake, tremor, parkinson, numb, tingling',
    'memory, forgets, dementia, seizure, slurred speech, face droops',
  ),
  endocrinology: words(
    '血糖、血糖偏高、糖高、血糖低、低血糖、尿糖、老口渴、总口渴、口渴、喝水多、尿多、打胰岛素、胰岛素',
    '糖化、甲状腺、甲亢、甲减、脖子粗、大脖子、尿酸高、骨头松、骨密度、人瘦了、瘦得快、越来越瘦、太胖',
    '肥胖、怕热、出汗多',
    'blood sugar, sugar, insulin, thirsty, thyroid, uric acid, overweight, obesity, brittle bones',
    'sweating',
  ),
  respiratory: words(
    '咳、老咳、干咳、咳得睡不着、痰多、有痰、吐痰、咳血、痰里带血、喘、气短、上楼喘、憋气、喘不上气',
    '透不过气、支气管、气管炎、老慢支、肺炎、肺气肿、肺病、感冒、发烧、发热、打鼾、呼噜、睡觉憋醒',
    'coughing, coughs, mucus, sputum, coughing blood, wheeze, breathless, short of breath, out of breath',
    'bronchitis, pneumonia, lungs, snore, snores, fever, a cold',
  ),
  gastroenterology: words(
    '胃疼、胃不舒服、胃胀、胃酸、烧心、泛酸、打嗝、嗳气、肚子痛、肚子胀、肚子不舒服、肚子疼、腹痛、腹胀',
    '拉肚子、拉稀、大便干、大便不通、解不出大便、拉不出、几天没大便、大便带血、黑便、大便黑、想吐、呕吐',
    '吐、吃不下、没胃口、吞咽、咽不下、肝、脂肪肝、幽门、痔疮',
    'stomach, stomach pain, tummy, belly hurts, acid reflux, bloated, bloating, constipated, loose stools',
    'black stool, vomiting, feel sick, liver, trouble swallowing, no appetite',
  ),
  nephrology: words(
    '脸肿、眼皮肿、眼泡肿、腿肿、脚肿、全身肿、尿泡沫、泡沫尿、泡沫多、尿里有血、尿血、蛋白尿、肾、肾炎',
    '肾不好、透析、尿毒症、起夜、夜里老起来、尿少、腰酸',
    'puffy face, puffy eyes, legs swell, swollen ankles, swollen feet, leg swelling, foamy',
    'bubbles in urine, kidney, dialysis, protein in urine, pee at night, up at night to urinate',
  ),
  rheumatology: words(
    '关节疼、关节痛、关节肿、手指僵、手指关节、早上手僵、早晨僵硬、风湿、痛风、脚趾疼、大脚趾、嘴干',
    '红斑狼疮、狼疮、强直、手指发白',
    'joints hurt, joint pain, stiff fingers, stiff in the morning, arthritis, gout, big toe, lupus',
    'dry mouth and eyes',
  ),
  dermatology: words(
    '起疹子、出疹子、疹子、红疹、起红点、起泡、起水泡、身上痒、浑身痒、发痒、老痒、挠、蛇盘疮、缠腰龙',
    '风团、风疙瘩、脱皮、掉皮、起皮、灰指甲、脚痒、脚烂、老年斑、长痣、黑痣、牛皮癣、皮肤、皮炎、掉头发',
    '脱发',
    'red spots, rashes, itchy, itches, blisters, skin, peeling, fungus, nail, mole, psoriasis, hair loss',
  ),
  orthopedics: words(
    '腰痛、腰酸、腰不好、直不起腰、腰椎、腰突、腿疼、腿痛、膝盖痛、膝盖不好、膝关节、上下楼疼、蹲不下',
    '肩膀痛、肩周炎、胳膊抬不起来、抬不起胳膊、脖子疼、脖子痛、脖子僵、颈椎、崴脚、扭了、摔了、骨折、骨刺',
    '脚后跟疼、关节疼',
    "back hurts, my back, lower back, knees hurt, knee hurts, knees, shoulder hurts, can't lift my arm",
    'neck hurts, stiff neck, sprained, broke my, fracture, heel pain, hip, sciatica, leg pain',
  ),
  ophthalmology: words(
    '眼睛花、眼花、老花、看东西模糊、看东西不清、看不清楚、眼睛模糊、视力下降、眼前发黑、眼前有黑点、黑影',
    '眼红、眼睛疼、眼睛痒、眼干、眼睛涩、迎风流泪、老流眼泪、眼屎、青光眼、眼睛',
    "blurry, can't see well, eyes, eye pain, sees double, spots before my eyes, glaucoma, tears",
    'itchy eyes, vision',
  ),
  otolaryngology: words(
    '耳朵响、耳朵嗡嗡、耳朵背、耳背、听不见、听不清、耳聋、耳朵疼、耳朵流水、耳朵、鼻子不通、鼻子堵',
    '流鼻涕、打喷嚏、鼻炎、鼻子出血、嗓子痛、嗓子哑、喉咙痛、喉咙疼、喉咙有东西、声音哑、咽炎、扁桃体',
    '天旋地转、头晕',
    "buzzing in my ears, hard of hearing, can't hear, deaf, ear ache, earache, runny nose, stuffy nose",
    'sneezing, nose bleeds, throat, lost my voice, vertigo, room spins',
  ),
  urology: words(
    '小便多、老上厕所、总上厕所、尿不出、尿不净、尿不尽、尿不干净、尿等待、尿线细、尿得慢、憋不住尿',
    '憋不住、漏尿、尿失禁、尿疼、尿痛、小便疼、尿路感染、起夜、结石、尿里有血、尿血',
    "pee a lot, toilet often, can't pee, hard to pee, weak stream, leaking urine, burning when",
    'pain when urinating, bladder, stones, pee at night',
  ),
  gynecology: words(
    '月经、例假、大姨妈、停经、绝经、潮热、一阵阵发热、下身痒、下面痒、下身出血、白带、子宫、肌瘤、卵巢',
    '宫颈、小肚子疼、小腹疼、下坠、漏尿、妇科',
    'periods, hot flushes, hot flashes, vaginal, womb, uterus, fibroid, ovary, bleeding after',
  ),
  'mental-health': words(
    '睡不好、睡眠不好、失眠、整夜不睡、半夜醒、早醒、心烦、烦躁、发愁、老是担心、担心、害怕、心里难受',
    '不想说话、没意思、活着没意思、不想活、抑郁、想哭、老哭、压力大、爱发脾气',
    'sleepless, insomnia, wakes at night, worry, worries, anxious, depressed, depression, sad, crying',
    'stress, nervous, panic',
  ),
  geriatrics: words(
    '没力气、浑身没劲、没劲、没精神、走不动、老摔、摔跤、摔倒、吃好多药、药太多、好几种药、好几种病',
    '吃不下饭、没胃口、胃口不好、瘦了、人瘦了、体弱、年纪大、老年',
    'no strength, weak, tired, fell, keeps falling, so many pills, too many medicines, off food, frail',
    'elderly',
  ),
};
