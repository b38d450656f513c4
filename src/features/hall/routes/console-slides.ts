import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { newId } from '../../../platform/ids.ts'
import { uploadIn } from '../../../platform/web.ts'
import type { Context } from '../deps.ts'
import { BLANK_SLIDE, slideForm, slideRemoval, slidesPage, typedOf } from '../pages/slides.ts'
import { receivePicture } from '../pictures.ts'
import { readSlide, type TypedSlide } from '../rules/slide.ts'
import { findPicture, getSlide, listSlides } from '../store/slides.ts'
import { type ById, done, faultsOf, newIdIn, stepIn, textIn } from './requests.ts'

const LIST = '/admin/slides'

/** The console's desk for the carousel: pictures with words, an address, a time, in an order. */
export function slideConsole({ database: { db, write }, clock, files, scanner, verbs }: Context): FastifyPluginAsync {
  const styles = ['css/pages/hall.css']
  type Shown = { id: string; typed: TypedSlide; isNew: boolean; faults?: Record<string, string> }

  function form(request: FastifyRequest, reply: FastifyReply, { isNew, id, ...shown }: Shown): FastifyReply | Promise<FastifyReply> {
    return reply.console('hall/slide-form', { ...slideForm(request.t, { ...shown, id, isNew, action: isNew ? LIST : `${LIST}/${id}` }), styles })
  }

  /** A picture that came is kept whatever else is wrong, so that it need not be sent again. */
  async function typedIn(body: unknown): Promise<{ typed: TypedSlide; faults: Record<string, string> }> {
    const text = (name: keyof TypedSlide) => textIn(body, name)
    const typed = { title: text('title'), title_en: text('title_en'), link: text('link'), audience: text('audience'), starts: text('starts'), ends: text('ends'), picture: text('picture') }
    const known = await findPicture(db, typed.picture) ? typed.picture : ''
    const upload = uploadIn(body, 'file')
    if (!upload || upload.data.length === 0) return { typed: { ...typed, picture: known }, faults: {} }
    const received = await receivePicture({ files, scanner }, upload)
    if ('fault' in received) return { typed: { ...typed, picture: known }, faults: { file: received.fault } }
    await write(tx => verbs.takePicture(tx, received))
    return { typed: { ...typed, picture: received.sha256 }, faults: {} }
  }

  async function take(request: FastifyRequest, reply: FastifyReply, { id, isNew }: { id: string; isNew: boolean }): Promise<FastifyReply> {
    const { typed, faults } = await typedIn(request.body)
    const looks = textIn(request.body, 'intent') === 'preview'
    if (looks || faults['file']) {
      const all = { ...readSlide(typed, clock.now()).faults, ...faults }
      return form(request, reply.code(Object.keys(all).length > 0 ? 422 : 200), { id, isNew, typed, faults: all })
    }
    try {
      await write(tx => isNew ? verbs.addSlide(tx, request.actor, id, typed) : verbs.changeSlide(tx, request.actor, id, typed))
    } catch (error) {
      return form(request, reply.code(422), { id, isNew, typed, faults: faultsOf(error) })
    }
    return done(request, reply, isNew ? '图片已添加' : '图片已修改', LIST)
  }

  return async app => {
    app.get('/slides', async ({ t }, reply) => reply.console('hall/slide-list', { ...slidesPage(t, await listSlides(db), clock.now()), styles }))

    app.get('/slides/new', async (request, reply) => form(request, reply, { id: newId(), isNew: true, typed: BLANK_SLIDE }))

    app.post('/slides', async (request, reply) => take(request, reply, { id: newIdIn(request.body), isNew: true }))

    app.get<ById>('/slides/:id', async (request, reply) => {
      const slide = await getSlide(db, request.params.id)
      return form(request, reply, { id: slide.id, isNew: false, typed: typedOf(slide) })
    })

    app.post<ById>('/slides/:id', async (request, reply) => take(request, reply, { id: request.params.id, isNew: false }))

    app.post<ById>('/slides/:id/place', async (request, reply) => {
      await write(tx => verbs.moveSlide(tx, request.actor, request.params.id, stepIn(request.body)))
      return reply.redirect(LIST, 303)
    })

    app.get<ById>('/slides/:id/removal', async ({ t, params }, reply) => reply.console('hall/removal', slideRemoval(t, await getSlide(db, params.id))))

    app.post<ById>('/slides/:id/removal', async (request, reply) => {
      await write(tx => verbs.removeSlide(tx, request.actor, request.params.id))
      return done(request, reply, '图片已删除', LIST)
    })
  }
}
