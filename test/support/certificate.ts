import type { Client, Fields, Page } from './client.ts'

const APPLY = '/services/enrolment-certificate/apply'

/** Fills and sends the application for an enrolment certificate as a student does; returns the page it leads to. */
export async function applyForCertificate(student: Client, fields: Fields = {}): Promise<Page> {
  const form = await student.get(APPLY)
  return student.submit(form, APPLY, { purpose: 'visa', language: 'zh', mailbox: 'student@example.com', intent: 'submit', ...fields })
}

/** The id in an address like /applications/ID. */
export function idIn(path: string): string {
  return /\/([0-9A-Z]{26})/.exec(path)?.[1] ?? ''
}
