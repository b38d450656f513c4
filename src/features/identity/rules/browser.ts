/** Is this WeCom's own webview? Its user agent names WeChat too, so `wxwork` decides. A hint for the way to sign in, never a proof. */
export function isWecom(userAgent: string): boolean {
  return /wxwork(local)?\//i.test(userAgent)
}

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/HarmonyOS|OpenHarmony/, 'HarmonyOS'], [/Android/, 'Android'],
  [/Windows/, 'Windows'], [/Macintosh|Mac OS/, 'macOS'], [/Linux/, 'Linux'],
]
const BROWSERS: [RegExp, string][] = [
  [/wxwork/i, '企业微信'], [/MicroMessenger/i, '微信'], [/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari'],
]

/** What a device is called in the list of sessions: 'iPhone · 企业微信'. */
export function deviceName(userAgent: string): string {
  const names = [SYSTEMS, BROWSERS].map(list => list.find(([pattern]) => pattern.test(userAgent))?.[1])
  return names.filter(name => name !== undefined).join(' · ') || '未知设备'
}
