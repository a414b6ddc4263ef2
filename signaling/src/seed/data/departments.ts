import type { LocalizedText } from '@cloud-hospital/protocol';

export interface DepartmentData {
  readonly code: string;
  readonly name: LocalizedText;
  /** Words people use at home, `[zh, en]`: a curated map, not a diagnosis. */
  readonly symptoms: readonly (readonly [string, string])[];
  /** What the department's specialists are good at, `[zh, en]`. */
  readonly expertise: readonly (readonly [string, string])[];
}

export const DEPARTMENTS: readonly DepartmentData[] = [
  {
    code: 'cardiology',
    name: { zh: '心血管内科', en: 'Cardiology' },
    symptoms: [
      ['胸闷', 'chest tightness'],
      ['胸痛', 'chest pain'],
      ['心慌', 'palpitations'],
      ['高血压', 'high blood pressure'],
      ['血压高', 'blood pressure'],
      ['气短', 'short of breath'],
      ['下肢水肿', 'swollen legs'],
    ],
    expertise: [
      ['高血压、冠心病的长期管理', 'Long-term care of hypertension and coronary disease'],
      ['心律失常的诊断与治疗', 'Arrhythmia'],
      ['慢性心力衰竭', 'Chronic heart failure'],
      ['老年心血管病、介入术后随访', 'Heart disease of the elderly, follow-up after intervention'],
    ],
  },
  {
    code: 'neurology',
    name: { zh: '神经内科', en: 'Neurology' },
    symptoms: [
      ['头痛', 'headache'],
      ['头疼', 'head hurts'],
      ['头晕', 'dizziness'],
      ['手抖', 'trembling hands'],
      ['手脚麻木', 'numbness'],
      ['记性差', 'forgetful'],
      ['失眠', 'sleepless'],
      ['中风', 'stroke'],
    ],
    expertise: [
      ['脑卒中预防与康复', 'Stroke prevention and recovery'],
      ['头痛、眩晕', 'Headache and vertigo'],
      ['帕金森病、震颤', "Parkinson's disease and tremor"],
      ['记忆障碍与痴呆', 'Memory disorders and dementia'],
    ],
  },
  {
    code: 'endocrinology',
    name: { zh: '内分泌科', en: 'Endocrinology' },
    symptoms: [
      ['糖尿病', 'diabetes'],
      ['血糖高', 'high blood sugar'],
      ['口渴多尿', 'thirst'],
      ['甲状腺结节', 'thyroid nodule'],
      ['消瘦', 'losing weight'],
      ['痛风', 'gout'],
      ['骨质疏松', 'osteoporosis'],
    ],
    expertise: [
      ['糖尿病及其并发症', 'Diabetes and its complications'],
      ['甲状腺疾病', 'Thyroid disease'],
      ['骨质疏松、痛风', 'Osteoporosis and gout'],
      ['肥胖与代谢综合征', 'Obesity and metabolic syndrome'],
    ],
  },
  {
    code: 'respiratory',
    name: { zh: '呼吸内科', en: 'Respiratory Medicine' },
    symptoms: [
      ['咳嗽', 'cough'],
      ['咳痰', 'phlegm'],
      ['气喘', 'wheezing'],
      ['哮喘', 'asthma'],
      ['慢阻肺', 'COPD'],
      ['肺结节', 'lung nodule'],
      ['打呼噜', 'snoring'],
    ],
    expertise: [
      ['慢性阻塞性肺疾病、哮喘', 'COPD and asthma'],
      ['肺结节评估', 'Lung nodules'],
      ['慢性咳嗽', 'Chronic cough'],
      ['睡眠呼吸暂停', 'Sleep apnoea'],
    ],
  },
  {
    code: 'gastroenterology',
    name: { zh: '消化内科', en: 'Gastroenterology' },
    symptoms: [
      ['胃痛', 'stomach ache'],
      ['肚子疼', 'belly ache'],
      ['反酸', 'heartburn'],
      ['腹泻', 'diarrhoea'],
      ['便秘', 'constipation'],
      ['便血', 'blood in stool'],
      ['恶心', 'nausea'],
    ],
    expertise: [
      ['胃食管反流、慢性胃炎', 'Reflux and gastritis'],
      ['肠道疾病、便秘', 'Bowel disease and constipation'],
      ['脂肪肝、慢性肝病', 'Fatty liver and chronic liver disease'],
      ['幽门螺杆菌感染', 'Helicobacter pylori'],
    ],
  },
  {
    code: 'nephrology',
    name: { zh: '肾内科', en: 'Nephrology' },
    symptoms: [
      ['浮肿', 'swelling'],
      ['尿里有泡沫', 'foamy urine'],
      ['血尿', 'blood in urine'],
      ['肌酐高', 'high creatinine'],
      ['夜尿多', 'urinating at night'],
    ],
    expertise: [
      ['慢性肾脏病管理', 'Chronic kidney disease'],
      ['糖尿病肾病', 'Diabetic kidney disease'],
      ['高血压肾损害', 'Kidney damage by hypertension'],
      ['蛋白尿、血尿', 'Proteinuria and haematuria'],
    ],
  },
  {
    code: 'rheumatology',
    name: { zh: '风湿免疫科', en: 'Rheumatology' },
    symptoms: [
      ['关节肿痛', 'swollen joints'],
      ['晨僵', 'morning stiffness'],
      ['类风湿', 'rheumatoid'],
      ['口干眼干', 'dry mouth'],
      ['皮疹关节痛', 'rash and joint pain'],
    ],
    expertise: [
      ['类风湿关节炎', 'Rheumatoid arthritis'],
      ['痛风性关节炎', 'Gouty arthritis'],
      ['干燥综合征', "Sjögren's syndrome"],
      ['强直性脊柱炎', 'Ankylosing spondylitis'],
    ],
  },
  {
    code: 'dermatology',
    name: { zh: '皮肤科', en: 'Dermatology' },
    symptoms: [
      ['皮疹', 'rash'],
      ['皮肤痒', 'itching'],
      ['湿疹', 'eczema'],
      ['带状疱疹', 'shingles'],
      ['脚气', "athlete's foot"],
      ['荨麻疹', 'hives'],
      ['痘痘', 'acne'],
    ],
    expertise: [
      ['湿疹、皮炎', 'Eczema and dermatitis'],
      ['带状疱疹及神经痛', 'Shingles and its pain'],
      ['老年皮肤瘙痒', 'Itching of the elderly'],
      ['皮肤肿物的早期识别', 'Early recognition of skin tumours'],
    ],
  },
  {
    code: 'orthopedics',
    name: { zh: '骨科', en: 'Orthopaedics' },
    symptoms: [
      ['腰疼', 'back pain'],
      ['腰腿痛', 'back and leg pain'],
      ['膝盖疼', 'knee pain'],
      ['肩膀疼', 'shoulder pain'],
      ['颈椎病', 'neck pain'],
      ['扭伤', 'sprain'],
      ['骨折后', 'after a fracture'],
    ],
    expertise: [
      ['膝骨关节炎', 'Knee osteoarthritis'],
      ['腰椎、颈椎疾病', 'Spine'],
      ['骨折术后康复', 'Recovery after fractures'],
      ['肩周炎、运动损伤', 'Frozen shoulder and sports injuries'],
    ],
  },
  {
    code: 'ophthalmology',
    name: { zh: '眼科', en: 'Ophthalmology' },
    symptoms: [
      ['看不清', 'blurred vision'],
      ['眼睛红', 'red eye'],
      ['白内障', 'cataract'],
      ['眼睛干', 'dry eyes'],
      ['飞蚊症', 'floaters'],
      ['流泪', 'watering eyes'],
    ],
    expertise: [
      ['白内障', 'Cataract'],
      ['青光眼', 'Glaucoma'],
      ['糖尿病视网膜病变', 'Diabetic retinopathy'],
      ['干眼与眼表疾病', 'Dry eye'],
    ],
  },
  {
    code: 'otolaryngology',
    name: { zh: '耳鼻咽喉科', en: 'Ear, Nose and Throat' },
    symptoms: [
      ['耳鸣', 'ringing ears'],
      ['听力下降', 'hearing loss'],
      ['鼻塞', 'blocked nose'],
      ['流鼻血', 'nosebleed'],
      ['嗓子疼', 'sore throat'],
      ['声音嘶哑', 'hoarse'],
    ],
    expertise: [
      ['眩晕、耳鸣', 'Vertigo and tinnitus'],
      ['过敏性鼻炎、鼻窦炎', 'Rhinitis and sinusitis'],
      ['老年性耳聋', 'Age-related hearing loss'],
      ['咽喉疾病', 'Throat'],
    ],
  },
  {
    code: 'urology',
    name: { zh: '泌尿外科', en: 'Urology' },
    symptoms: [
      ['尿频', 'frequent urination'],
      ['尿急', 'urgency'],
      ['排尿困难', 'difficulty urinating'],
      ['前列腺', 'prostate'],
      ['肾结石', 'kidney stone'],
    ],
    expertise: [
      ['前列腺增生', 'Benign prostatic enlargement'],
      ['泌尿系结石', 'Urinary stones'],
      ['泌尿系感染', 'Urinary infection'],
      ['泌尿系肿瘤随访', 'Follow-up of urological tumours'],
    ],
  },
  {
    code: 'gynecology',
    name: { zh: '妇科', en: 'Gynaecology' },
    symptoms: [
      ['月经不调', 'irregular periods'],
      ['更年期', 'menopause'],
      ['下腹痛', 'lower belly pain'],
      ['绝经后出血', 'bleeding after menopause'],
      ['白带异常', 'discharge'],
    ],
    expertise: [
      ['更年期综合征', 'Menopause'],
      ['妇科炎症', 'Gynaecological infection'],
      ['子宫肌瘤、卵巢囊肿', 'Fibroids and ovarian cysts'],
      ['盆底功能障碍', 'Pelvic floor'],
    ],
  },
  {
    code: 'mental-health',
    name: { zh: '精神心理科', en: 'Mental Health' },
    symptoms: [
      ['睡不着', "can't sleep"],
      ['焦虑', 'anxiety'],
      ['心情低落', 'low mood'],
      ['紧张', 'tension'],
      ['没有精神', 'no energy'],
    ],
    expertise: [
      ['睡眠障碍', 'Sleep disorders'],
      ['焦虑、抑郁', 'Anxiety and depression'],
      ['老年期情绪障碍', 'Mood disorders of the elderly'],
      ['心身疾病', 'Psychosomatic disorders'],
    ],
  },
  {
    code: 'geriatrics',
    name: { zh: '老年医学科', en: 'Geriatrics' },
    symptoms: [
      ['多种慢性病', 'several chronic diseases'],
      ['乏力', 'weakness'],
      ['容易摔跤', 'falls'],
      ['吃药太多', 'many medicines'],
      ['胃口差', 'poor appetite'],
      ['体重下降', 'weight loss'],
    ],
    expertise: [
      ['老年综合评估', 'Comprehensive geriatric assessment'],
      ['多病共存与合理用药', 'Several diseases, sensible medication'],
      ['跌倒、衰弱', 'Falls and frailty'],
      ['老年营养', 'Nutrition of the elderly'],
    ],
  },
];
