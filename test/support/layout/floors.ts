/** In order of dependence: a feature may know those before it. */
export const features = [
  'callbacks', 'identity', 'messages', 'payments', 'connections', 'approvals', 'services', 'hall', 'ratings', 'api', 'documents', 'clearance', 'photos', 'helpdesk', 'privacy', 'cases', 'admin',
]

/** An import between two files of `src/`; paths are relative to it. */
export type Arrow = { from: string; to: string; typeOnly: boolean }

type Place = { floor: string; part: string; rest: string }

/** Why this arrow may not be, as a sentence; null when it may. The table of floors, read from top to bottom. */
export function wrongArrow({ from, to, typeOnly }: Arrow): string | null {
  if (to.startsWith('..')) return 'src imports nothing from outside of src'
  const here = placeOf(from)
  const there = placeOf(to)
  if (inShared(from)) return inShared(to) ? null : 'shared modules run in the browser and import only their own kind'
  if (from === 'app.ts') return there.floor === 'simulator' ? 'only main.ts starts the simulator' : null
  if (here.floor === 'main') return null
  if (to === 'tables.ts') return typeOnly ? null : 'tables.ts has types only'
  if (here.floor === there.floor && here.part === there.part) return null
  const rule = rules[here.floor]
  return rule ? rule(here, there, { from, to, typeOnly }) : `${from} stands on no floor`
}

type Rule = (here: Place, there: Place, arrow: Arrow) => string | null

const rules: Record<string, Rule> = {
  platform: () => 'platform knows nothing above it',
  integrations: (_here, there) => there.floor === 'platform' ? null : 'an integration knows the platform only',
  features: fromFeature,
  catalogue: (_here, _there, { to }) => to === 'features/approvals/define.ts' ? null : 'the catalogue knows features/approvals/define.ts only',
  edges: (_here, there) => there.floor === 'platform' || (there.floor === 'features' && there.rest === 'index.ts')
    ? null : 'an edge knows the platform and the front doors of features',
  simulator: () => 'the simulator knows nothing of us',
  start: () => 'the starter runs before anything is installed and imports only its own files',
  'tables.ts': (_here, there, { typeOnly }) => typeOnly && ['features', 'platform'].includes(there.floor) ? null : 'tables.ts has types only',
}

function fromFeature(here: Place, there: Place, { typeOnly }: Arrow): string | null {
  if (!features.includes(here.part)) return `'${here.part}' is not in the order of features`
  if (there.floor === 'platform') return null
  if (there.floor === 'integrations') return typeOnly ? null : 'a feature knows the types of integrations only'
  if (there.floor !== 'features') return 'a feature knows the platform, the types of integrations and earlier features'
  if (there.rest !== 'index.ts') return `'${there.part}' is entered through its index.ts`
  return features.indexOf(there.part) < features.indexOf(here.part) ? null : `'${there.part}' comes after '${here.part}': it is heard of by its events`
}

/** `part` tells apart what must not know each other on one floor: features and integrations. */
function placeOf(file: string): Place {
  const [floor = '', part = '', ...rest] = file.split('/')
  // A file that grew became a folder of the same word beside it.
  if (floor === 'start.mjs' || floor === 'main.ts') return { floor: floor.replace(/\.m?[jt]s$/, ''), part: '', rest: '' }
  return ['features', 'integrations'].includes(floor) ? { floor, part, rest: rest.join('/') } : { floor, part: '', rest: '' }
}

function inShared(file: string): boolean {
  return file.split('/').slice(0, -1).includes('shared')
}
