import { expect } from 'chai';
import {
  checkPlainEndpoint,
  isLoopbackHost,
  parseEndpoint,
} from '#conclave/service-framework/security/index.js';

describe('plain endpoints', () => {
  it('accept loopback addresses and ipc paths', () => {
    for (const endpoint of [
      'tcp://127.0.0.1:5555',
      'tcp://127.255.0.3:1',
      'tcp://localhost:*',
      'tcp://[::1]:0',
      'ipc:///tmp/x.sock',
      'ipc://@abstract',
    ])
      expect(() => checkPlainEndpoint(endpoint), endpoint).not.to.throw();
  });

  it('turn port 0 into the wildcard of the socket library', () => {
    expect(checkPlainEndpoint('tcp://127.0.0.1:0').address).to.equal('tcp://127.0.0.1:*');
    expect(checkPlainEndpoint('tcp://[::1]:00').address).to.equal('tcp://[::1]:*');
    expect(checkPlainEndpoint('tcp://[::1]:7')).to.include({ host: '::1', port: 7, ipv6: true });
  });

  it('refuse every address that others may reach, and name what it takes', () => {
    for (const endpoint of [
      'tcp://0.0.0.0:5555',
      'tcp://*:5555',
      'tcp://192.168.1.5:5555',
      'tcp://128.0.0.1:1',
      'tcp://example.com:5555',
      'tcp://127.0.0.1.example.com:5555',
      'tcp://127.1:5555',
      'tcp://0127.0.0.1:5555',
      'tcp://eth0:5555',
      'tcp://lo:5555',
      'tcp://[::]:5555',
      'tcp://[::ffff:10.0.0.1]:5555',
      'tcp://localhost.:5555',
    ])
      expect(() => checkPlainEndpoint(endpoint, 'request'), endpoint)
        .to.throw(/^request: .*CURVE/)
        .that.includes({ code: 'FAILED_PRECONDITION', field: 'request' });
  });

  it('refuse what is no endpoint, naming the field', () => {
    for (const endpoint of [
      '',
      'tcp://',
      'tcp://127.0.0.1',
      'tcp://127.0.0.1:65536',
      'tcp://127.0.0.1:-1',
      'tcp://127.0.0.1:1;tcp://0.0.0.0:1',
      'tcp://eth0;127.0.0.1:5',
      'tcp://[127.0.0.1]:5',
      'tcp://[zz]:5',
      'udp://127.0.0.1:5',
      'inproc://x',
      'ipc://',
      `ipc:///${'x'.repeat(104)}`,
      'ipc:///a\0b',
      undefined as unknown as string,
    ])
      expect(() => checkPlainEndpoint(endpoint, 'events'), String(endpoint))
        .to.throw()
        .that.satisfies(({ code }: { code: string }) => /INVALID_ARGUMENT|FAILED_PRECONDITION/.test(code));
    expect(() => parseEndpoint('udp://127.0.0.1:5', 'events')).to.throw(/events: "udp:/);
  });

  it('know this machine by address', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
      expect(isLoopbackHost(host)).to.equal(true);
    for (const host of ['0.0.0.0', '::', '', '127.0.0.1 ', 'LOCALHOST.evil'])
      expect(isLoopbackHost(host)).to.equal(false);
  });
});
