import { LOG_LEVELS, type Logger } from '../../runtime/index.js';

/** Writes a line of another logger again: with its level, message and fields, scrubbed by this one. */
export function relogLine(logger: Logger, line: string): void {
  try {
    const {
      level,
      time: _time,
      pid: _pid,
      hostname: _host,
      msg,
      ...fields
    } = JSON.parse(line) as {
      [name: string]: unknown;
    };
    const known = LOG_LEVELS.find((name) => name === level);
    logger[known ?? 'info'](fields, typeof msg === 'string' ? msg : '');
  } catch {
    logger.info({ line }, 'unreadable log line');
  }
}
