import type { Chance } from './random.ts'

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'
const COMPOUND = ['欧阳', '上官', '司马', '诸葛', '皇甫', '令狐']
const GIVEN = {
  男: { single: '伟强磊军洋勇杰涛超明辉鹏飞宇浩然轩博睿哲', first: '子浩宇俊文思天嘉梓志建国晓明泽一书承景', last: '轩然宇豪杰涵睿辰阳远航铭霖涛鑫博文翔宁舟' },
  女: { single: '芳娜敏静丽艳娟霞玲婷雪颖琳倩怡欣妍薇瑶蕾', first: '雨梦思佳欣若诗语子晓雅静芷婉紫可心一书嘉', last: '涵怡琪萱彤欣瑶妍婷洁琳雯菲玥宁悦蓉岚晴溪' },
}

export type Sex = '男' | '女'

/** A common Han name: one in thirty with a compound surname, one in five with a single given character. */
export function hanName(chance: Chance, sex: Sex): string {
  const surname = chance.between(1, 30) === 1 ? chance.pick(COMPOUND) : chance.pick([...SURNAMES])
  const given = GIVEN[sex]
  return surname + (chance.between(1, 5) === 1 ? chance.pick([...given.single]) : chance.pick([...given.first]) + chance.pick([...given.last]))
}

export type Special = { name: string; english: string | null; sex: Sex; passport?: string; born?: string }

/** Names that break careless programs: long ones, rare characters, none at all in Chinese, and a reading that differs in surnames. */
export const specialNames: readonly Special[] = [
  { name: '古丽巴哈尔·艾合买提', english: 'Gulbahar Ahmat', sex: '女' },
  { name: '阿卜杜热合曼·吐尔逊', english: 'Abdurahman Tursun', sex: '男' },
  { name: '扎西顿珠', english: 'Tashi Dhondup', sex: '男' },
  { name: '次仁卓玛', english: 'Tsering Drolma', sex: '女' },
  { name: '阿日斯楞', english: 'Arslan', sex: '男' },
  { name: '吉克阿依', english: null, sex: '女' },
  { name: '王𠮷祥', english: 'WANG Jixiang', sex: '男' },
  { name: '刘㛃', english: 'LIU Jie', sex: '女' },
  { name: '单雨桐', english: null, sex: '女' },
  { name: '仇景行', english: null, sex: '男' },
  { name: '曾乐', english: null, sex: '男' },
  { name: '解语', english: null, sex: '女' },
  { name: '吕律', english: null, sex: '男' },
  { name: '赵龘', english: 'ZHAO Da', sex: '男' },
  { name: 'Maria Fernanda Oliveira Santos', english: null, sex: '女', passport: 'FX482913', born: '2005-03-14' },
  { name: '尼加提·阿布都克里木', english: 'Nijat Abdukerim', sex: '男' },
]
