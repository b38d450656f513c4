// The browser comes from the system (see src/integrations/browser); installing downloads nothing.
module.exports = { skipDownload: true }
