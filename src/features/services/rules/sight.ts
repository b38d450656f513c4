import { can } from '../../../platform/rights.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { PictureNode } from '../../approvals/index.ts'
import type { Form } from './form.ts'
import { isHiddenSomewhere, type Right, rightsOver, stepsIn } from './steps.ts'

type Viewed = { person_id: string; flow: unknown; form: Form; nodes: readonly PictureNode[] }
type Viewer = Pick<SignedIn, 'person_id' | 'rights'>

/** What the viewer may see of the answers, by key: the applicant and who reads all applications everything; who holds or held tasks what those steps show; who got a copy what no step hides. Who may look at all is asked before. */
export function sightOf({ person_id, flow, form, nodes }: Viewed, viewer: Viewer): ReadonlyMap<string, Right> {
  const fields = form.fields.map(field => field.definition)
  if (person_id === viewer.person_id || can(viewer, 'applications.read')) return new Map(fields.map(({ key }) => [key, 'read']))
  const held = stepsHeld(flow, nodes, viewer, () => true)
  return held.length > 0 ? rightsOver(held, fields) : new Map(fields.map(({ key }) => [key, isHiddenSomewhere(flow, key) ? 'hidden' : 'read']))
}

/** Keys of what the viewer may fill in now, at a task of theirs that is open. */
export function writableBy({ flow, form, nodes }: Pick<Viewed, 'flow' | 'form' | 'nodes'>, viewer: Pick<Viewer, 'person_id'>): ReadonlySet<string> {
  // Who could claim it has not, and who is asked a question only answers.
  const rights = rightsOver(stepsHeld(flow, nodes, viewer, task => task.status === 'open' && task.wants === 'decide'), form.fields.map(field => field.definition))
  return new Set([...rights].filter(([, right]) => right === 'write').map(([key]) => key))
}

/** May this person read what a mask stands for? The applicant their own; an approver while the task is open and the step shows the field. */
export function canSeeWhole(viewed: Viewed, viewer: Viewer, key: string): boolean {
  if (viewed.person_id === viewer.person_id) return true
  const rights = rightsOver(stepsHeld(viewed.flow, viewed.nodes, viewer, task => task.status === 'open'), viewed.form.fields.map(field => field.definition))
  return stepsHeld(viewed.flow, viewed.nodes, viewer, task => task.status === 'open').length > 0 && rights.get(key) !== 'hidden'
}

function stepsHeld(flow: unknown, nodes: readonly PictureNode[], { person_id }: Pick<Viewer, 'person_id'>, wanted: (task: PictureNode['tasks'][number]) => boolean) {
  const steps = new Map(stepsIn(flow).map(step => [step.id, step]))
  return nodes.filter(node => node.tasks.some(task => task.person_id === person_id && wanted(task))).map(node => steps.get(node.step))
}
