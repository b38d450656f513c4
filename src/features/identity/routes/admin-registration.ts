import type { FastifyPluginAsync } from 'fastify'
import type { Context } from '../deps.ts'

/** 注册二维码: to be shown on a screen or printed and put up; the codes hold addresses of ours, so they never end. */
export function registrationRoutes({ publicUrl }: Context): FastifyPluginAsync {
  const svg = async (path: string): Promise<string> => (await import('qrcode')).default.toString(`${publicUrl}${path}`, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return async app => {
    app.get('/registration', async (request, reply) => {
      const { t } = request
      return await reply.console('identity/registration', {
        title: t('注册二维码'), address: publicUrl,
        codes: [
          { title: t('用户注册'), svg: await svg('/join'), steps: [t('微信扫码，点击“在校师生”，用统一身份认证的账号登录'), t('填写和微信绑定的手机号，点击“下一步”'), t('长按识别学校企业微信的二维码并关注，完成')] },
          { title: t('解除绑定'), svg: await svg('/unbind'), steps: [t('换了学号或微信时使用'), t('微信扫码，用原来的学工号登录'), t('输入登录密码或短信验证码，确认解除；再用新学号重新注册')] },
        ],
      })
    })
  }
}
