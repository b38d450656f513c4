import { AppError } from '../../platform/errors.ts'

/** Where a bucket is and who we are there. */
export type BucketAddress = {
  /** of the bucket, without a slash at its end */
  base: string
  key: string
  secret: string
  /** undefined: as the host's name says, else us-east-1 */
  region: string | undefined
}

/**
 * Reads `s3://KEY:SECRET@HOST:PORT/BUCKET?region=…&tls=off&style=host`, KEY and SECRET percent-encoded. Encrypted unless `tls=off`;
 * the bucket stands in the path unless `style=host`. Throws `invalid` without a word of what was given.
 */
export function readAddress(text: string): BucketAddress {
  const url = URL.parse(text)
  const bucket = url?.pathname.slice(1) ?? ''
  try {
    if (url && url.host && url.username && url.password && /^[\w.-]+$/.test(bucket)) return addressOf(url, bucket)
  } catch {
    // what is percent-encoded is no text
  }
  throw new AppError('invalid', 'FILES_URL 写得不对，请使用 s3://KEY:SECRET@HOST/BUCKET，KEY 和 SECRET 里的特殊字符要写成百分号编码', { code: 'files-url' })
}

function addressOf({ host, username, password, searchParams }: URL, bucket: string): BucketAddress {
  const scheme = searchParams.get('tls') === 'off' ? 'http' : 'https'
  return {
    base: searchParams.get('style') === 'host' ? `${scheme}://${bucket}.${host}` : `${scheme}://${host}/${bucket}`,
    key: decodeURIComponent(username), secret: decodeURIComponent(password), region: searchParams.get('region') ?? undefined,
  }
}
